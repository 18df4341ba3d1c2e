"""All pages of repositories together."""

from bearhug.base.http.rows import Row
from bearhug.hub.likes.service import Likes
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repo_pages.pages.creation import CreationPages
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.pages.front import FrontPage
from bearhug.hub.repo_pages.pages.settings import SettingsPage
from bearhug.hub.repo_pages.pages.use import UsePages
from bearhug.hub.repos.service import Repos


def repo_page_rows(frame: Frame, repos: Repos, likes: Likes, profiles: Profiles) -> list[Row]:
    """The rows of card, settings, and of the forms that make a repository."""
    return [
        *FrontPage(frame, likes).rows(),
        *UsePages(frame, likes).rows(),
        *SettingsPage(frame, repos).rows(),
        *CreationPages(frame, repos, profiles).rows(),
    ]
