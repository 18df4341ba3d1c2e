"""Accounts as JSON."""

from typing import Any

from bearhug.hub.storage.records import Account


def account_json(account: Account) -> dict[str, Any]:
    return {
        "logical": account.logical,
        "stored": account.stored,
        "shared": account.shared,
        "saved": account.saved,
    }
