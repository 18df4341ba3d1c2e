"""The permissions that a fine-grained token can be given."""

ON_REPOS = {
    "repo.content.read": "Read repositories, private ones too",
    "repo.content.write": "Read and write repositories",
    "repo.write": "Read, write, create and administer repositories",
    "discussion.write": "Open and comment on discussions and pull requests",
}

ON_USERS = {
    "user.tokens.read": "List access tokens",
    "user.tokens.write": "Make and revoke access tokens",
}

ON_ORGS = {
    "org.write": "Change the profile and the members of the organization",
}

EVERYWHERE = {**ON_REPOS, **ON_USERS}
BY_ENTITY = {
    "user": {**ON_REPOS, **ON_USERS},
    "org": {**ON_REPOS, **ON_ORGS},
    "model": ON_REPOS,
    "dataset": ON_REPOS,
    "space": ON_REPOS,
}
