"""The first tables."""

# ruff: noqa: PLR0915

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_at"), ["at"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("run_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("progress", sa.Float(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_claim", ["status", "run_at"], unique=False)
        batch_op.create_index("ix_jobs_kind_key", ["kind", "key", "status"], unique=False)

    op.create_table(
        "objects",
        sa.Column("oid", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("backing", sa.String(length=16), server_default="file", nullable=False),
        sa.Column("xet_hash", sa.String(length=64), nullable=True),
        sa.Column("whole_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("touched_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("oid", name=op.f("pk_objects")),
    )
    with op.batch_alter_table("objects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objects_touched_at"), ["touched_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_objects_whole_at"), ["whole_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_objects_xet_hash"), ["xet_hash"], unique=False)

    op.create_table(
        "owners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("fullname", sa.String(length=255), server_default="", nullable=False),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("is_admin", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("bio", sa.Text(), server_default="", nullable=False),
        sa.Column("homepage", sa.String(length=1000), server_default="", nullable=False),
        sa.Column("links", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owners")),
        sa.UniqueConstraint("key", name=op.f("uq_owners_key")),
    )
    with op.batch_alter_table("owners", schema=None) as batch_op:
        batch_op.create_index("ix_owners_email", ["email"], unique=False)
        batch_op.create_index("ix_owners_kind_key", ["kind", "key"], unique=False)

    op.create_table(
        "recipes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("shard", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipes")),
        sa.UniqueConstraint("hash", name=op.f("uq_recipes_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("recipes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipes_seen_at"), ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipes_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipes_shard"), ["shard"], unique=False)

    op.create_table(
        "settings",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_settings")),
    )
    op.create_table(
        "signin_attempts",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("blocked_until", sa.DateTime(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_signin_attempts")),
    )
    with op.batch_alter_table("signin_attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signin_attempts_at"), ["at"], unique=False)

    op.create_table(
        "xet_numbers",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_xet_numbers")),
    )
    op.create_table(
        "xorbs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("chunks", sa.Integer(), nullable=False),
        sa.Column("body_length", sa.Integer(), nullable=False),
        sa.Column("raw_length", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("condemned_at", sa.DateTime(), nullable=True),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.Column("offsets", sa.LargeBinary(), nullable=False),
        sa.Column("lengths", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_xorbs")),
        sa.UniqueConstraint("hash", name=op.f("uq_xorbs_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("xorbs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_xorbs_condemned_at"), ["condemned_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_xorbs_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(length=96), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("details", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["owners.id"], name=op.f("fk_acts_actor_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_acts_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_acts_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_acts_at"), ["at"], unique=False)

    op.create_table(
        "avatars",
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_avatars_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("owner_id", name=op.f("pk_avatars")),
    )
    op.create_table(
        "device_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_code", sa.String(length=16), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("pause", sa.Integer(), nullable=False),
        sa.Column("polled_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_device_codes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_codes")),
        sa.UniqueConstraint("digest", name=op.f("uq_device_codes_digest")),
        sa.UniqueConstraint("user_code", name=op.f("uq_device_codes_user_code")),
    )
    with op.batch_alter_table("device_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_codes_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_codes_ip"), ["ip"], unique=False)
        batch_op.create_index(batch_op.f("ix_device_codes_user_id"), ["user_id"], unique=False)

    op.create_table(
        "follows",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_follows_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_follows_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "owner_id", name=op.f("pk_follows")),
    )
    with op.batch_alter_table("follows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follows_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "former_names",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_former_names_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_former_names")),
    )
    with op.batch_alter_table("former_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_names_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "invites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("note", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("used_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["owners.id"], name=op.f("fk_invites_created_by"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["used_by"], ["owners.id"], name=op.f("fk_invites_used_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invites")),
        sa.UniqueConstraint("digest", name=op.f("uq_invites_digest")),
    )
    with op.batch_alter_table("invites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invites_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_invites_used_by"), ["used_by"], unique=False)

    op.create_table(
        "members",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["owners.id"], name=op.f("fk_members_org_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_members_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "org_id", name=op.f("pk_members")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_org_id"), ["org_id"], unique=False)

    op.create_table(
        "org_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("org_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["owners.id"], name=op.f("fk_org_invitations_created_by"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["org_id"], ["owners.id"], name=op.f("fk_org_invitations_org_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["owners.id"], name=op.f("fk_org_invitations_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_org_invitations")),
        sa.UniqueConstraint("digest", name=op.f("uq_org_invitations_digest")),
        sa.UniqueConstraint("org_id", "user_id", name=op.f("uq_org_invitations_org_id")),
    )
    with op.batch_alter_table("org_invitations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_org_invitations_created_by"), ["created_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_org_invitations_user_id"), ["user_id"], unique=False)

    op.create_table(
        "recipe_xorbs",
        sa.Column("recipe_id", sa.Integer(), nullable=False),
        sa.Column("xorb_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["recipe_id"], ["recipes.id"], name=op.f("fk_recipe_xorbs_recipe_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["xorb_id"], ["xorbs.id"], name=op.f("fk_recipe_xorbs_xorb_id")),
        sa.PrimaryKeyConstraint("recipe_id", "xorb_id", name=op.f("pk_recipe_xorbs")),
    )
    with op.batch_alter_table("recipe_xorbs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipe_xorbs_xorb_id"), ["xorb_id"], unique=False)

    op.create_table(
        "repos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("name_key", sa.String(length=96), nullable=False),
        sa.Column("folder", sa.String(length=32), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("gated", sa.String(length=8), server_default="", nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("creator_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("head", sa.String(length=40), nullable=False),
        sa.Column("likes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("downloads", sa.Integer(), server_default="0", nullable=False),
        sa.Column("downloads_all", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("trending", sa.Float(), server_default="0", nullable=False),
        sa.Column("used_storage", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("parameters", sa.BigInteger(), nullable=True),
        sa.Column("discussions_disabled", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["creator_id"], ["owners.id"], name=op.f("fk_repos_creator_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_repos_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repos")),
        sa.UniqueConstraint("folder", name=op.f("uq_repos_folder")),
        sa.UniqueConstraint("owner_id", "kind", "name_key", name=op.f("uq_repos_owner_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("repos", schema=None) as batch_op:
        batch_op.create_index("ix_repos_created", ["kind", "created_at"], unique=False)
        batch_op.create_index("ix_repos_downloads", ["kind", "downloads"], unique=False)
        batch_op.create_index("ix_repos_likes", ["kind", "likes"], unique=False)
        batch_op.create_index("ix_repos_name", ["kind", "name_key"], unique=False)
        batch_op.create_index("ix_repos_owner_private", ["owner_id", "private", "kind"], unique=False)
        batch_op.create_index("ix_repos_owner_updated", ["owner_id", "updated_at"], unique=False)
        batch_op.create_index("ix_repos_parameters", ["kind", "parameters"], unique=False)
        batch_op.create_index("ix_repos_trending", ["kind", "trending"], unique=False)
        batch_op.create_index("ix_repos_updated", ["kind", "updated_at"], unique=False)

    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("ip", sa.String(length=64), server_default="", nullable=False),
        sa.Column("agent", sa.String(length=255), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_sessions_digest")),
    )
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sessions_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tail", sa.String(length=4), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("origin", sa.String(length=16), server_default="settings", nullable=False),
        sa.Column("everywhere", sa.JSON(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("reads_gated", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    with op.batch_alter_table("tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "usage_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("requests", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("prompt", sa.BigInteger(), nullable=False),
        sa.Column("completion", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_usage_days_owner_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("day", "account", "model", "kind", name=op.f("pk_usage_days")),
    )
    with op.batch_alter_table("usage_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usage_days_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "xorb_knowers",
        sa.Column("xorb_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_xorb_knowers_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["xorb_id"], ["xorbs.id"], name=op.f("fk_xorb_knowers_xorb_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("xorb_id", "owner_id", name=op.f("pk_xorb_knowers")),
    )
    with op.batch_alter_table("xorb_knowers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_xorb_knowers_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "xorb_marks",
        sa.Column("chunk_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("xorb_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["xorb_id"], ["xorbs.id"], name=op.f("fk_xorb_marks_xorb_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chunk_hash", "xorb_id", name=op.f("pk_xorb_marks")),
    )
    with op.batch_alter_table("xorb_marks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_xorb_marks_xorb_id"), ["xorb_id"], unique=False)

    op.create_table(
        "access_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("by_hand", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_access_requests_repo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["owners.id"], name=op.f("fk_access_requests_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
        sa.UniqueConstraint("repo_id", "user_id", name=op.f("uq_access_requests_repo_id")),
    )
    with op.batch_alter_table("access_requests", schema=None) as batch_op:
        batch_op.create_index("ix_access_requests_status", ["repo_id", "status", "id"], unique=False)
        batch_op.create_index("ix_access_requests_user", ["user_id", "id"], unique=False)

    op.create_table(
        "card_facts",
        sa.Column("repo_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("commit", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("pipeline_tag", sa.String(length=64), nullable=True),
        sa.Column("library_name", sa.String(length=64), nullable=True),
        sa.Column("parameters", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_card_facts_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("repo_id", name=op.f("pk_card_facts")),
    )
    op.create_table(
        "deployments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=96), nullable=False),
        sa.Column("repo_id", sa.Integer(), nullable=True),
        sa.Column("revision", sa.String(length=255), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=1024), server_default="", nullable=False),
        sa.Column("keep", sa.Boolean(), nullable=False),
        sa.Column("wanted", sa.String(length=16), nullable=False),
        sa.Column("creator_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("worker", sa.String(length=512), server_default="", nullable=False),
        sa.Column("trouble", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["creator_id"], ["owners.id"], name=op.f("fk_deployments_creator_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_deployments_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
        sa.UniqueConstraint("scope", "name", name=op.f("uq_deployments_scope")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("deployments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deployments_repo_id"), ["repo_id"], unique=False)
        batch_op.create_index("ix_deployments_wanted", ["wanted", "keep", "started_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deployments_worker"), ["worker"], unique=False)

    op.create_table(
        "download_days",
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_download_days_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("repo_id", "day", name=op.f("pk_download_days")),
    )
    with op.batch_alter_table("download_days", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_download_days_day"), ["day"], unique=False)

    op.create_table(
        "history_trails",
        sa.Column("folder", sa.String(length=32), nullable=False),
        sa.Column("path_key", sa.String(length=64), nullable=False),
        sa.Column("tip", sa.String(length=40), nullable=False),
        sa.Column("frontier", sa.String(length=40), nullable=False),
        sa.Column("found", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["folder"], ["repos.folder"], name=op.f("fk_history_trails_folder"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("folder", "path_key", "tip", name=op.f("pk_history_trails")),
    )
    op.create_table(
        "lfs_links",
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.Column("oid", sa.String(length=64), nullable=False),
        sa.Column("claim", sa.String(length=64), nullable=True),
        sa.Column("claim_size", sa.BigInteger(), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False),
        sa.Column("committed_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_lfs_links_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("repo_id", "oid", name=op.f("pk_lfs_links")),
    )
    with op.batch_alter_table("lfs_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lfs_links_claim"), ["claim"], unique=False)
        batch_op.create_index(batch_op.f("ix_lfs_links_oid"), ["oid"], unique=False)
        batch_op.create_index(batch_op.f("ix_lfs_links_uploaded_at"), ["uploaded_at"], unique=False)

    op.create_table(
        "lfs_locks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("path_key", sa.String(length=64), nullable=False),
        sa.Column("ref", sa.String(length=255), server_default="", nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name=op.f("fk_lfs_locks_owner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_lfs_locks_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lfs_locks")),
        sa.UniqueConstraint("repo_id", "path_key", name=op.f("uq_lfs_locks_repo_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("lfs_locks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lfs_locks_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "likes",
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_likes_repo_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_likes_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("repo_id", "user_id", name=op.f("pk_likes")),
    )
    with op.batch_alter_table("likes", schema=None) as batch_op:
        batch_op.create_index("ix_likes_user_at", ["user_id", "at"], unique=False)

    op.create_table(
        "redirects",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_redirects_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_redirects")),
    )
    with op.batch_alter_table("redirects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_redirects_repo_id"), ["repo_id"], unique=False)

    op.create_table(
        "refresh_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("family", sa.String(length=32), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_id"], ["tokens.id"], name=op.f("fk_refresh_tokens_token_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["owners.id"], name=op.f("fk_refresh_tokens_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refresh_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_refresh_tokens_digest")),
    )
    with op.batch_alter_table("refresh_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refresh_tokens_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_refresh_tokens_family"), ["family"], unique=False)
        batch_op.create_index(batch_op.f("ix_refresh_tokens_token_id"), ["token_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_refresh_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "repo_tags",
        sa.Column("tag", sa.String(length=200), nullable=False),
        sa.Column("repo_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["repo_id"], ["repos.id"], name=op.f("fk_repo_tags_repo_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag", "repo_id", name=op.f("pk_repo_tags")),
    )
    with op.batch_alter_table("repo_tags", schema=None) as batch_op:
        batch_op.create_index("ix_repo_tags_repo_id", ["repo_id", "tag"], unique=False)

    op.create_table(
        "tree_sizes",
        sa.Column("folder", sa.String(length=32), nullable=False),
        sa.Column("tree", sa.String(length=40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["folder"], ["repos.folder"], name=op.f("fk_tree_sizes_folder"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("folder", "tree", name=op.f("pk_tree_sizes")),
    )
