"""Pages about people, put together: settings of accounts and organizations, and the page of an owner."""

from dataclasses import dataclass

from bearhug.base.html.pages import Pages
from bearhug.base.http.rows import Row
from bearhug.hub.access.who import Who
from bearhug.hub.account_pages.pages.belongings import BelongingsPages
from bearhug.hub.account_pages.pages.desk import Desk
from bearhug.hub.account_pages.pages.invites import InvitesPages
from bearhug.hub.account_pages.pages.profile import ProfilePages
from bearhug.hub.account_pages.pages.safety import SafetyPages
from bearhug.hub.account_pages.pages.tokens import TokensPages
from bearhug.hub.account_pages.service import Belongings
from bearhug.hub.accounts.service import Accounts
from bearhug.hub.browse.service import Shelves
from bearhug.hub.first_run.service import FirstRun
from bearhug.hub.follows.service import Follows
from bearhug.hub.gates.service import Gates
from bearhug.hub.likes.service import Likes
from bearhug.hub.oauth.service import Devices
from bearhug.hub.org_pages.pages.creation import CreationPage
from bearhug.hub.org_pages.pages.joining import JoiningPages
from bearhug.hub.org_pages.pages.members import MembersPages
from bearhug.hub.org_pages.pages.settings import SettingsPages
from bearhug.hub.orgs.invitations import Invitations
from bearhug.hub.orgs.service import Orgs
from bearhug.hub.owner_pages.pages import OwnerPages
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repos.service import Repos
from bearhug.hub.sessions.resets import Resets
from bearhug.hub.sessions.service import Sessions
from bearhug.hub.storage.service import Storage
from bearhug.hub.tokens.service import Tokens


@dataclass(frozen=True)
class People:
    """Services about people."""

    accounts: Accounts
    sessions: Sessions
    orgs: Orgs
    tokens: Tokens
    profiles: Profiles
    devices: Devices
    follows: Follows
    first_run: FirstRun
    invitations: Invitations
    resets: Resets


@dataclass(frozen=True)
class PeoplePages:
    """What their pages show beside the people themselves: repositories, room, gates, likes."""

    people: People
    repos: Repos
    stored: Storage
    gates: Gates
    likes: Likes

    def rows(self, shelves: Shelves, pages: Pages, who: Who) -> list[Row]:
        people, desk = self.people, Desk(pages, who)
        belongings = Belongings(people.profiles, people.invitations, self.repos, self.stored, self.gates)
        return [
            *OwnerPages(shelves, people.profiles, self.likes, pages, who).rows(),
            *ProfilePages(people.accounts, desk).rows(),
            *SafetyPages(people.sessions, people.profiles, desk).rows(),
            *BelongingsPages(belongings, desk).rows(),
            *TokensPages(people.tokens, belongings, desk).rows(),
            *InvitesPages(people.accounts, desk).rows(),
            *CreationPage(people.orgs, desk).rows(),
            *SettingsPages(people.orgs, people.profiles, desk).rows(),
            *MembersPages(people.orgs, people.invitations, people.profiles, desk).rows(),
            *JoiningPages(people.invitations, desk).rows(),
        ]
