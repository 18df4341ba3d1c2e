"""What every page of a repository needs: the band above it, and the helpers of its templates."""

from dataclasses import dataclass, field
from typing import Any

from starlette.responses import Response

from bearhug.base.html.pages import Pages
from bearhug.base.http.call import Call
from bearhug.hub.access.records import Level
from bearhug.hub.access.who import Who
from bearhug.hub.repo_pages import tabs, wire
from bearhug.hub.repo_pages.records import Band, Slots, Tab
from bearhug.hub.repo_pages.service import Fronts
from bearhug.hub.repos.wire import name_of


@dataclass(frozen=True)
class Frame:
    """Renders templates that extend `repo_pages/band.html`; those of other rooms come as `room/file.html`."""

    fronts: Fronts
    pages: Pages
    who: Who
    slots: Slots = field(default_factory=Slots)

    def tabs(self, band: Band) -> list[Tab]:
        """The tabs of a repository that its reader sees."""
        every = tabs.in_order(self.slots.tabs)
        return [tab for tab in every if band.repo.kind in tab.labels and tab.shown(band)]

    def band(self, call: Call, level: Level = Level.READ) -> Band:
        return self.fronts.band(self.who(call), name_of(call), level)

    def render(self, call: Call, template: str, band: Band, /, *, status: int = 200, **facts: Any) -> Response:
        """A page below the band; templates find addresses by `at(view, rev, path)`."""
        repo = band.repo
        return self.pages.render(
            call,
            template if "/" in template else f"repo_pages/{template}",
            status=status,
            band=band,
            tabs=self.tabs(band),
            repo=repo,
            home=wire.home(repo),
            at=lambda view, rev, path="": wire.at(repo, view, rev, path),
            pills=wire.pills(band),
            use=wire.use(band, call.base_url),
            url=call.base_url,
            **facts,
        )
