"""Database triggers that keep the activity log append-only, whoever holds the connection.

They let through two things: emptying `actor_id` and nothing else (a person is erased), and deleting what is older
than an open `Purge` (retention). They are laid after every `migrate`, because SQLite drops a table's triggers when a
migration remakes the table. A new definition needs a new VERSION.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

VERSION = 1
NAMES = (f"activity_keep_update_v{VERSION}", f"activity_keep_delete_v{VERSION}")
KEPT = ("id", "type", "version", "at", "actor_kind", "subject_type", "subject_id", "data")

_PURGED = "EXISTS (SELECT 1 FROM activity_purge AS p WHERE p.is_open AND OLD.at < p.older_than)"
_REFUSAL = "the activity log is append-only"

_SQLITE = (
    f"""CREATE TRIGGER {NAMES[0]} BEFORE UPDATE ON activity_activity
    WHEN NOT (NEW.actor_id IS NULL AND {" AND ".join(f'NEW."{c}" IS OLD."{c}"' for c in KEPT)})
    BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
    f"""CREATE TRIGGER {NAMES[1]} BEFORE DELETE ON activity_activity
    WHEN NOT {_PURGED} BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",
)

_POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION {NAMES[0]}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.actor_id IS NULL AND to_jsonb(NEW) - 'actor_id' = to_jsonb(OLD) - 'actor_id' THEN RETURN NEW; END IF;
    RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$""",
    f"""CREATE TRIGGER {NAMES[0]} BEFORE UPDATE ON activity_activity
    FOR EACH ROW EXECUTE FUNCTION {NAMES[0]}()""",
    f"""CREATE OR REPLACE FUNCTION {NAMES[1]}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF {_PURGED} THEN RETURN OLD; END IF;
    RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$""",
    f"""CREATE TRIGGER {NAMES[1]} BEFORE DELETE ON activity_activity
    FOR EACH ROW EXECUTE FUNCTION {NAMES[1]}()""",
)

_STATEMENTS = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}
_INSTALLED = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'activity_activity'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'activity_activity'::regclass AND NOT tgisinternal",
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Lay the triggers that are missing and lift those of older versions. Safe to repeat."""
    present = installed(connection)
    if present == set(NAMES):
        return
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _STATEMENTS[connection.vendor]:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Lift every trigger of ours; only `flush`, which empties the whole database, has a reason to."""
    on_table = " ON activity_activity" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for name in installed(connection):
            cursor.execute(f"DROP TRIGGER {name}{on_table}")


def installed(connection: BaseDatabaseWrapper) -> set[str]:
    """Names of our triggers that the database has now."""
    with connection.cursor() as cursor:
        cursor.execute(_INSTALLED[connection.vendor])
        return {name for (name,) in cursor.fetchall() if name.startswith("activity_keep_")}
