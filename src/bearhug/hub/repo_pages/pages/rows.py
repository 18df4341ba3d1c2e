"""All pages of repositories together."""

from bearhug.base.http.rows import Row
from bearhug.hub.likes.service import Likes
from bearhug.hub.repo_pages.pages.frame import Frame
from bearhug.hub.repo_pages.pages.front import FrontPage
from bearhug.hub.repo_pages.pages.use import UsePages


def repo_page_rows(frame: Frame, likes: Likes) -> list[Row]:
    """The rows of the card and of what is beside it."""
    return [
        *FrontPage(frame, likes).rows(),
        *UsePages(frame, likes).rows(),
    ]
