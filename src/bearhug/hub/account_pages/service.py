"""Gathers what somebody has."""

from dataclasses import dataclass

from bearhug.hub.access.records import Actor
from bearhug.hub.access.rules import signed_in
from bearhug.hub.account_pages.records import Bill, Line
from bearhug.hub.gates.records import Asked
from bearhug.hub.gates.service import Gates
from bearhug.hub.orgs.invitations import Invitations
from bearhug.hub.orgs.records import Invitation, Membership
from bearhug.hub.profiles.service import Profiles
from bearhug.hub.repos.records import Repo, RepoName
from bearhug.hub.repos.service import Repos
from bearhug.hub.storage.service import Storage

REPOS = 20
REQUESTS = 50
PICKED = 60


@dataclass(frozen=True)
class Belongings:
    """Lists for the settings of an account."""

    profiles: Profiles
    invitations: Invitations
    repos: Repos
    stored: Storage
    gates: Gates

    def orgs(self, actor: Actor) -> tuple[list[Membership], list[Invitation]]:
        _, memberships, _ = self.profiles.oneself(actor)
        return memberships, self.invitations.of_user(actor)

    def at_hand(self, actor: Actor) -> tuple[list[Membership], list[Repo]]:
        """What a token may be limited to: organizations, and the actor's own repositories as far as a list goes."""
        _, memberships, _ = self.profiles.oneself(actor)
        return memberships, self.repos.largest(actor, signed_in(actor), skip=0, limit=PICKED)

    def storage(self, actor: Actor, *, skip: int) -> Bill:
        """What the actor's own repositories take up; what only the page shows is counted, twenty at most."""
        found = self.repos.largest(actor, signed_in(actor), skip=skip, limit=REPOS + 1)
        lines = [
            Line(repo, self.stored.of_repo(actor, RepoName(repo.kind, repo.owner, repo.name))) for repo in found[:REPOS]
        ]
        return Bill(self.stored.of_owner(actor, actor.name), lines, len(found) > REPOS)

    def asked(self, actor: Actor, *, before: int) -> tuple[list[Asked], int | None]:
        return self.gates.asked(actor, before=before, limit=REQUESTS)
