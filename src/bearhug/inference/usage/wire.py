"""Usage as JSON."""

from typing import Any

from bearhug.inference.usage.records import Line, Report, Sums


def report_json(report: Report) -> dict[str, Any]:
    """What an account used, with its limits."""
    limits = {
        "requestsPerMinute": report.allowance.requests_per_minute,
        "tokensPerDay": report.allowance.tokens_per_day,
        "tokensToday": report.tokens_today,
    }
    return {**survey_json(report), "limits": limits}


def survey_json(report: Report) -> dict[str, Any]:
    """What everybody used."""
    return {"days": report.days, "sums": sums_json(report.whole), "rows": [line_json(line) for line in report.lines]}


def line_json(line: Line) -> dict[str, Any]:
    told = {"day": line.day.isoformat() if line.day else None, "account": line.account, "model": line.model}
    return {**{key: value for key, value in told.items() if value}, "kind": line.kind, **sums_json(line.sums)}


def sums_json(sums: Sums) -> dict[str, Any]:
    return {
        "requests": sums.requests,
        "failures": sums.failures,
        "promptTokens": sums.prompt,
        "completionTokens": sums.completion,
        "seconds": round(sums.seconds, 3),
    }
