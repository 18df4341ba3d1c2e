"""Forms about repositories, put together: making, duplicating, settings, and who is let in."""

from dataclasses import dataclass

from bearhug.base.http.rows import Row
from bearhug.hub.copies.service import Copies
from bearhug.hub.creation.pages import CreationPages
from bearhug.hub.gates.service import Gates
from bearhug.hub.lfs_files.service import LfsFiles
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.refs.service import Refs
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_settings.pages.files import FilesPage
from bearhug.hub.repo_settings.pages.general import GeneralPage
from bearhug.hub.repo_settings.pages.requests import RequestsPage
from bearhug.hub.repos.service import Repos
from bearhug.hub.storage.service import Storage


@dataclass(frozen=True)
class RepoForms:
    """Services that the forms call."""

    repos: Repos
    refs: Refs
    gates: Gates
    files: LfsFiles
    stored: Storage
    copies: Copies
    profiles: Profiles

    def rows(self, frame: Frame) -> list[Row]:
        return [
            *GeneralPage(frame, self.repos, self.refs, self.profiles).rows(),
            *RequestsPage(frame, self.gates).rows(),
            *FilesPage(frame, self.files, self.stored).rows(),
            *CreationPages(frame, self.repos, self.copies, self.profiles).rows(),
        ]
