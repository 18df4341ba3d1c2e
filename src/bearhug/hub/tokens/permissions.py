"""The permissions that a fine-grained token can be given."""

ON_REPOS = {
    "repo.content.read": "Read repositories, private ones too",
    "repo.content.write": "Read and write repositories",
    "repo.write": "Read, write, create and administer repositories",
    "repo.config.write": "Change settings of repositories",
    "repo.config.visibility.write": "Make repositories public or private",
    "repo.access.read": "See access requests",
    "repo.access.write": "Answer access requests",
    "discussion.write": "Open and comment on discussions and pull requests",
    "collection.read": "Read collections, private ones too",
    "collection.write": "Create and change collections",
}

ON_USERS = {
    "user.tokens.read": "List access tokens",
    "user.tokens.write": "Make and revoke access tokens",
    "user.webhooks.read": "Read webhooks",
    "user.webhooks.write": "Create and change webhooks",
    "user.notifications.read": "Read notifications",
    "inference.serverless.write": "Call models that this hub serves",
    "job.read": "See jobs",
    "job.write": "Start and stop jobs",
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
