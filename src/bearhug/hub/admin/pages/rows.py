"""All pages of the administration together."""

from dataclasses import dataclass

from bearhug.base.html.pages import Pages
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.admin.pages.desk import Desk
from bearhug.hub.admin.pages.people import PeoplePages
from bearhug.hub.admin.pages.policy import PolicyPages
from bearhug.hub.admin.pages.repositories import RepositoriesPages
from bearhug.hub.admin.pages.works import WorksPages
from bearhug.hub.admin.service import Administration
from bearhug.hub.admin.survey import Survey
from bearhug.hub.doctor.service import Doctor
from bearhug.hub.settings.service import Settings


@dataclass(frozen=True)
class Desks:
    """Services behind the administration."""

    administration: Administration
    survey: Survey


def admin_rows(desks: Desks, settings: Settings, doctor: Doctor, pages: Pages, who: Who) -> list[Row]:
    """The rows of every page below /administration."""
    administration = desks.administration
    desk = Desk(administration, pages, who)
    return [
        *WorksPages(administration, desks.survey, doctor, desk).rows(),
        *PeoplePages(administration, desk).rows(),
        *RepositoriesPages(administration, desk).rows(),
        *PolicyPages(administration, settings, desk).rows(),
    ]
