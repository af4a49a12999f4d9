"""Tickets by the hundred thousand, written by PostgreSQL itself: as our domain writes them, five follow-ups each.

One in fifty runs unless asked otherwise; the others were resolved over the last years. The library's columns say the
same, so that its pages and ours show the same tickets.
"""

from __future__ import annotations

from django.db import connection

RUNNING_EACH = 50

TICKETS = """
INSERT INTO helpdesk_ticket (id, title, queue_id, created, modified, submitter_email, assigned_to_id, status, on_hold,
                             description, priority, due_date, secret_key)
SELECT n, 'No trobem el botó de publicar el procés ' || n, %(queue)s, now() - n * interval '7 minutes',
       now() - n * interval '7 minutes', 'persona' || n %% 400 || '@ens.test',
       CASE WHEN n %% 3 = 0 THEN %(agent)s END, CASE WHEN n %% %(each)s = 0 THEN 1 ELSE 4 END, false,
       'Hem creat el procés i no sabem on es publica. ' || repeat('Text de la consulta. ', 10), 1 + n %% 4,
       CASE WHEN n %% %(each)s = 0 THEN now() + (n %% 4000 - 200) * interval '1 minute' END, md5(n::text)
FROM generate_series(%(first)s, %(last)s) n
"""
CASES = """
INSERT INTO desk_case (ticket_id, kind, topic, channel, organisation_id, requester_id, requester_name, instance,
                       priority, level, assignee_id, state, due_at, is_breached, opened_at, resolved_at, closed_at,
                       signal, signal_at, heard, heard_at, rating_comment, version)
SELECT t.id, (ARRAY['question','incident','configuration','outage','improvement'])[1 + t.id %% 5], '', 'web',
       (%(organisations)s::bigint[])[1 + t.id %% %(count)s], (%(people)s::bigint[])[1 + t.id %% %(count)s], '', '',
       t.priority, 1 + t.id %% 3, t.assigned_to_id, CASE WHEN t.status = 1 THEN 'open' ELSE 'closed' END,
       t.due_date, coalesce(t.due_date < now(), false), t.created,
       CASE WHEN t.status = 4 THEN t.created + interval '1 day' END,
       CASE WHEN t.status = 4 THEN t.created + interval '15 days' END, 'replied', t.modified,
       'requester', t.modified, '', 3
FROM helpdesk_ticket t WHERE t.id BETWEEN %(first)s AND %(last)s
"""
FOLLOWUPS = """
INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, user_id, message_id)
SELECT n, now() - n * interval '7 minutes' + k * interval '1 hour', 'message',
       'Bon dia. ' || repeat('Ho hem mirat i us en diem alguna cosa. ', 6), true,
       CASE WHEN k %% 2 = 0 THEN %(agent)s END, ''
FROM generate_series(%(first)s, %(last)s) n, generate_series(1, 5) k
"""
ENTRIES = """
INSERT INTO desk_entry (followup_id, case_id, kind, side, change, channel, author_name, quoted, is_public, warning,
                        version)
SELECT f.id, f.ticket_id, 'message', CASE WHEN f.user_id IS NULL THEN 'requester' ELSE 'desk' END, '', 'web', '', '',
       true, '', 1
FROM helpdesk_followup f WHERE f.ticket_id BETWEEN %(first)s AND %(last)s
"""
CLOCKS = """
INSERT INTO desk_clock (case_id, what, policy_id, started_at, target, due_at, warn_at, is_running, met_at, warned_at)
SELECT c.ticket_id, 'resolution', p.id, c.opened_at, p.resolution, coalesce(c.due_at, c.opened_at + interval '2 days'),
       coalesce(c.due_at, c.opened_at + interval '1 day'), c.due_at IS NOT NULL,
       CASE WHEN c.due_at IS NULL THEN c.resolved_at END, now()
FROM desk_case c JOIN desk_policy p ON p.kind = c.kind AND p.priority = c.priority
WHERE c.ticket_id BETWEEN %(first)s AND %(last)s
"""
TABLES = ("helpdesk_ticket", "desk_case", "helpdesk_followup", "desk_entry", "desk_clock")


def fill(
    *,
    first: int,
    last: int,
    queue: int,
    agent: int,
    organisations: list[int],
    people: list[int],
    each: int = RUNNING_EACH,
) -> None:
    """Write the tickets from `first` to `last`, one in `each` of them running, and set the counter after them."""
    facts = {
        "first": first,
        "last": last,
        "queue": queue,
        "agent": agent,
        "organisations": organisations,
        "people": people,
        "count": len(people),
        "each": each,
    }
    with connection.cursor() as cursor:
        for statement in (TICKETS, CASES, FOLLOWUPS, ENTRIES, CLOCKS):
            cursor.execute(statement, facts)
        cursor.execute("SELECT setval(pg_get_serial_sequence('helpdesk_ticket', 'id'), max(id)) FROM helpdesk_ticket")
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
