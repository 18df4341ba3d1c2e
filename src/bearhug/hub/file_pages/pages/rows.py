"""All pages of folders and files together."""

from bearhug.base.http.rows import Row
from bearhug.hub.file_pages.pages.blame import BlamePage
from bearhug.hub.file_pages.pages.blob import BlobPage
from bearhug.hub.file_pages.pages.finder import FinderPage
from bearhug.hub.file_pages.pages.tree import TreePage
from bearhug.hub.file_pages.service import FileViews
from bearhug.hub.repo_pages.pages.frame import Frame


def file_page_rows(frame: Frame, views: FileViews) -> list[Row]:
    """The rows of every page that shows folders or files."""
    pages = (TreePage, BlobPage, BlamePage, FinderPage)
    return [row for page in pages for row in page(frame, views).rows()]
