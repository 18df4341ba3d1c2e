"""All pages of repositories together."""

from bearhug.base.http.rows import Row
from bearhug.hub.likes.service import Likes
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repo_pages.pages.blob import BlobPage
from bearhug.hub.repo_pages.pages.commits import CommitPages
from bearhug.hub.repo_pages.pages.creation import CreationPages
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.pages.front import FrontPage
from bearhug.hub.repo_pages.pages.settings import SettingsPage
from bearhug.hub.repo_pages.pages.tree import TreePage
from bearhug.hub.repo_pages.service import Sources
from bearhug.hub.repos.service import Repos


def repo_page_rows(frame: Frame, sources: Sources, repos: Repos, likes: Likes, profiles: Profiles) -> list[Row]:
    """The rows of every page below a repository's address, and of the forms that make one."""
    return [
        *FrontPage(frame, likes).rows(),
        *TreePage(frame, sources).rows(),
        *BlobPage(frame, sources).rows(),
        *CommitPages(frame, sources).rows(),
        *SettingsPage(frame, repos).rows(),
        *CreationPages(frame, repos, profiles).rows(),
    ]
