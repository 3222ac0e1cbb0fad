#include "connection.hpp"

#include "complaint_list.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <system_error>

namespace motcua::sqlite {

namespace {

constexpr int application_id = 0x4d434255;    // "MCBU": tells our files from other people's
constexpr int growth_bytes = 4 * 1024 * 1024; // step in which the file grows
constexpr std::uintmax_t whole_check_limit_bytes = 64UL * 1024 * 1024;

// The schema, forward only: a released migration is never edited, a change is a new one. Times are
// milliseconds since 1970 in UTC.
//
// Tables that grow with every message have no index by citizen, because such an index would dirty a
// random page per row (performance.md section 2, 1). The rows of one citizen, or of one pseudonym,
// are a chain instead: `previous` leads from the newest to the oldest.
constexpr std::array migrations{
    R"sql(
CREATE TABLE citizens (
    user_id       TEXT PRIMARY KEY,
    follows       INTEGER CHECK (follows IN (0, 1)), -- NULL: never told
    first_seen_ms INTEGER NOT NULL,
    last_seen_ms  INTEGER NOT NULL,
    last_event    INTEGER, -- newest of the chain in events
    last_outgoing INTEGER  -- newest of the chain in outbox
) STRICT, WITHOUT ROWID;

CREATE TABLE conversations (
    user_id    TEXT PRIMARY KEY,
    state      TEXT NOT NULL, -- JSON of dialogue::conversation
    updated_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    id           INTEGER PRIMARY KEY,
    timestamp_ms INTEGER NOT NULL, -- as the platform says
    key          BLOB NOT NULL,    -- event_key()
    received_ms  INTEGER NOT NULL,
    event_name   TEXT NOT NULL,
    user_id      TEXT, -- NULL: names no citizen, or erased
    previous     INTEGER,
    body         BLOB  -- as received; NULL once erased
) STRICT;
-- Appends, because the time comes first. No other index here.
CREATE UNIQUE INDEX events_by_key ON events (timestamp_ms, key);

CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY,
    user_id    TEXT, -- NULL once erased
    previous   INTEGER,
    state      TEXT NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'seen', 'retry', 'unknown', 'dead')),
    due_ms     INTEGER, -- NULL: not to be claimed, or waits behind an older row of its citizen
    attempts   INTEGER NOT NULL DEFAULT 0,
    message    TEXT, -- JSON of dialogue::outgoing_message; NULL once erased
    message_id TEXT, -- the platform's
    reason     TEXT NOT NULL DEFAULT '',
    forget     INTEGER NOT NULL CHECK (forget IN (0, 1)), -- 1: said to a citizen just erased
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_unsettled ON outbox (user_id, id)
    WHERE state IN ('pending', 'sending', 'retry', 'unknown');
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_message_id ON outbox (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE interactions (
    id              INTEGER PRIMARY KEY,
    at_ms           INTEGER NOT NULL,
    pseudonym       TEXT NOT NULL,
    previous        INTEGER,
    kind            TEXT NOT NULL,
    intent          TEXT NOT NULL,
    procedure       TEXT NOT NULL,
    field           TEXT NOT NULL,
    aspect          TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    activity        TEXT NOT NULL,
    model_version   TEXT NOT NULL,
    content_version TEXT NOT NULL,
    test            INTEGER NOT NULL CHECK (test IN (0, 1))
) STRICT;

CREATE TABLE pseudonyms (
    pseudonym        TEXT PRIMARY KEY,
    last_interaction INTEGER NOT NULL -- newest of the chain in interactions
) STRICT, WITHOUT ROWID;

CREATE TABLE procedures (
    code       TEXT NOT NULL,
    origin     TEXT NOT NULL,
    as_of      TEXT NOT NULL, -- date of the data, yyyy-mm-dd; empty if unknown
    hash       BLOB NOT NULL, -- SHA-256 of record
    record     TEXT NOT NULL, -- JSON of procedures::procedure
    updated_ms INTEGER NOT NULL,
    PRIMARY KEY (code, origin)
) STRICT;

CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE attachments (
    id          INTEGER PRIMARY KEY,
    user_id     TEXT, -- NULL once erased, as everything that tells of the citizen
    event       INTEGER NOT NULL, -- row of events it came with
    kind        TEXT NOT NULL,    -- image, file, audio, video, location
    url         TEXT, -- NULL once stored or failed: the platform's links hold tokens
    name        TEXT NOT NULL DEFAULT '', -- on the citizen's phone, made safe
    latitude    REAL, -- degrees
    longitude   REAL,
    state       TEXT NOT NULL CHECK (
        state IN ('wanted', 'fetching', 'stored', 'failed', 'erased')),
    due_ms      INTEGER, -- of wanted
    attempts    INTEGER NOT NULL DEFAULT 0,
    bytes       INTEGER NOT NULL DEFAULT 0,
    type        TEXT NOT NULL DEFAULT '', -- by content
    file        TEXT, -- SHA-256 of the content, 64 hex digits: the file's name
    reason      TEXT NOT NULL DEFAULT '',
    received_ms INTEGER NOT NULL,
    updated_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_of_citizen ON attachments (user_id, received_ms)
    WHERE user_id IS NOT NULL;
CREATE INDEX attachments_due ON attachments (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX attachments_by_file ON attachments (file) WHERE file IS NOT NULL;

CREATE TABLE files_to_remove (
    file TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE handovers (
    id              INTEGER PRIMARY KEY,
    user_id         TEXT, -- NULL once erased
    state           TEXT NOT NULL CHECK (state IN ('waiting', 'person', 'closed')),
    who             TEXT NOT NULL DEFAULT '', -- staff member, or the platform's id of the person
    opened_ms       INTEGER NOT NULL,
    taken_ms        INTEGER, -- when a person began to answer
    until_ms        INTEGER, -- of person: the machine answers again
    closed_ms       INTEGER,
    messages        INTEGER NOT NULL DEFAULT 0, -- of the citizen while it was open
    last_message_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX handovers_open ON handovers (user_id)
    WHERE state <> 'closed' AND user_id IS NOT NULL;
CREATE INDEX handovers_of_citizen ON handovers (user_id) WHERE user_id IS NOT NULL;

-- Proofs: what was removed and when, not of whom.
CREATE TABLE erasures (
    id           TEXT PRIMARY KEY, -- random
    at_ms        INTEGER NOT NULL,
    cause        TEXT NOT NULL, -- asked, withdrawn, operator
    events       INTEGER NOT NULL,
    outgoing     INTEGER NOT NULL,
    interactions INTEGER NOT NULL,
    attachments  INTEGER NOT NULL,
    handovers    INTEGER NOT NULL,
    commitment   BLOB NOT NULL -- SHA-256 of the id and the pseudonym, which is a keyed hash
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
CREATE TABLE unknown_messages (
    id      INTEGER PRIMARY KEY, -- in the order of arrival
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL, -- name of dialogue::unknown_kind
    text    TEXT NOT NULL, -- masked
    nearest TEXT NOT NULL, -- codes with a blank between
    chosen  TEXT NOT NULL,
    test    INTEGER NOT NULL CHECK (test IN (0, 1))
) STRICT;
)sql",
    // Complaints. `record` is the case itself; the columns beside it are what is searched and
    // sorted by.
    R"sql(
CREATE TABLE complaints (
    id           INTEGER PRIMARY KEY,
    code         TEXT NOT NULL UNIQUE,
    user_id      TEXT, -- NULL once erased
    version      INTEGER NOT NULL,
    state        TEXT NOT NULL,
    category     TEXT NOT NULL,
    unit         TEXT NOT NULL,
    officer      TEXT NOT NULL,
    commune      TEXT NOT NULL,
    submitted_ms INTEGER NOT NULL,
    updated_ms   INTEGER NOT NULL,
    due_ms       INTEGER, -- derived from the case and the calendar; NULL: clock stopped or ended
    wake_ms      INTEGER, -- derived: the next reminder or automatic step
    test         INTEGER NOT NULL CHECK (test IN (0, 1)),
    record       TEXT NOT NULL -- JSON of complaints::complaint
) STRICT;
CREATE INDEX complaints_by_citizen ON complaints (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX complaints_by_due ON complaints (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX complaints_by_wake ON complaints (wake_ms, id) WHERE wake_ms IS NOT NULL;

CREATE TABLE complaint_numbers (
    day  TEXT PRIMARY KEY, -- yyyy-mm-dd, local
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE complaint_history (
    id           INTEGER PRIMARY KEY,
    complaint_id INTEGER NOT NULL REFERENCES complaints (id),
    at_ms        INTEGER NOT NULL,
    role         TEXT NOT NULL,
    actor        TEXT NOT NULL, -- staff id or Zalo id; empty once erased
    what         TEXT NOT NULL,
    from_state   TEXT NOT NULL,
    to_state     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    message      TEXT NOT NULL,
    value        TEXT NOT NULL,
    late         INTEGER NOT NULL CHECK (late IN (0, 1))
) STRICT;
CREATE INDEX complaint_history_of ON complaint_history (complaint_id, id);

CREATE TABLE complaint_messages (
    id           INTEGER PRIMARY KEY,
    complaint_id INTEGER NOT NULL REFERENCES complaints (id),
    at_ms        INTEGER NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('citizen', 'staff', 'note')),
    role         TEXT NOT NULL,
    actor        TEXT NOT NULL,
    text         TEXT NOT NULL
) STRICT;
CREATE INDEX complaint_messages_of ON complaint_messages (complaint_id, id);

-- A file is known by the platform's id of the message that brought it, and its place in there.
CREATE TABLE complaint_attachments (
    complaint_id      INTEGER NOT NULL REFERENCES complaints (id),
    message_id        TEXT NOT NULL,
    place             INTEGER NOT NULL,
    complaint_message INTEGER REFERENCES complaint_messages (id), -- NULL: of the complaint itself
    kind              TEXT NOT NULL,
    name              TEXT NOT NULL,
    PRIMARY KEY (complaint_id, message_id, place)
) STRICT;
CREATE INDEX complaint_attachments_of ON complaint_attachments (complaint_message)
    WHERE complaint_message IS NOT NULL;

-- Whose unfinished draft wants attention, and when; the draft is in the conversation.
CREATE TABLE complaint_drafts (
    user_id TEXT PRIMARY KEY,
    due_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_drafts_by_due ON complaint_drafts (due_ms);
)sql",
    // A CHECK cannot be altered, so the table is made anew.
    R"sql(
ALTER TABLE citizens ADD COLUMN last_contact_ms INTEGER; -- NULL: not known

CREATE TABLE new_outbox (
    id            INTEGER PRIMARY KEY,
    user_id       TEXT, -- NULL once erased
    previous      INTEGER,
    state         TEXT NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'delivered', 'seen', 'retry', 'unknown', 'waiting', 'dead')),
    due_ms        INTEGER, -- NULL: not to be claimed, or waits behind an older row of its citizen
    attempts      INTEGER NOT NULL DEFAULT 0,
    unknowns      INTEGER NOT NULL DEFAULT 0, -- calls whose outcome was unknown
    first_call_ms INTEGER, -- the first call that may have arrived
    last_call_ms  INTEGER,
    message       TEXT, -- JSON of dialogue::outgoing_message; NULL once erased
    message_id    TEXT, -- the platform's
    reason        TEXT NOT NULL DEFAULT '',
    forget        INTEGER NOT NULL CHECK (forget IN (0, 1)), -- 1: said to a citizen just erased
    created_ms    INTEGER NOT NULL,
    updated_ms    INTEGER NOT NULL
) STRICT;
INSERT INTO new_outbox (id, user_id, previous, state, due_ms, attempts, first_call_ms, last_call_ms,
    message, message_id, reason, forget, created_ms, updated_ms)
SELECT id, user_id, previous, state, due_ms, attempts, updated_ms, updated_ms,
    message, message_id, reason, forget, created_ms, updated_ms FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_unsettled ON outbox (user_id, id)
    WHERE state IN ('pending', 'sending', 'retry', 'unknown');
CREATE INDEX outbox_waiting ON outbox (user_id, id) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_message_id ON outbox (message_id) WHERE message_id IS NOT NULL;
)sql",
    R"sql(
ALTER TABLE attachments ADD COLUMN message_id TEXT; -- the platform's; NULL: none, or erased
ALTER TABLE attachments ADD COLUMN place INTEGER; -- among the attachments of that message, from 0
CREATE INDEX attachments_by_place ON attachments (message_id, place) WHERE message_id IS NOT NULL;
CREATE INDEX complaint_attachments_by_place ON complaint_attachments (message_id, place);

CREATE TABLE reply_templates (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    version    INTEGER NOT NULL,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    categories TEXT NOT NULL, -- JSON list of ids; empty: all
    transition TEXT NOT NULL, -- empty: none
    updated_ms INTEGER NOT NULL,
    updated_by TEXT NOT NULL -- staff id; empty: shipped
) STRICT;

CREATE TABLE saved_views (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    staff_id TEXT NOT NULL,
    title    TEXT NOT NULL,
    query    TEXT NOT NULL,
    shared   INTEGER NOT NULL CHECK (shared IN (0, 1))
) STRICT;
CREATE INDEX saved_views_of ON saved_views (staff_id);
CREATE INDEX saved_views_shared ON saved_views (id) WHERE shared = 1;
)sql",
    // Staff and the audit of what they do.
    R"sql(
CREATE TABLE units (
    id      TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    name    TEXT NOT NULL,
    parent  TEXT REFERENCES units (id),
    commune TEXT NOT NULL, -- statistics code, or empty
    active  INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX units_by_parent ON units (parent) WHERE parent IS NOT NULL;

CREATE TABLE staff (
    id                 TEXT PRIMARY KEY,
    version            INTEGER NOT NULL,
    user_name          TEXT NOT NULL UNIQUE,
    name               TEXT NOT NULL,
    unit               TEXT REFERENCES units (id),
    roles              TEXT NOT NULL, -- names with a blank between
    active             INTEGER NOT NULL CHECK (active IN (0, 1)),
    password_hash      TEXT NOT NULL, -- Argon2id
    password_temporary INTEGER NOT NULL CHECK (password_temporary IN (0, 1)),
    totp_secret        BLOB NOT NULL, -- sealed with a key outside of here; empty: none
    totp_step          INTEGER NOT NULL, -- the last one whose code was used
    last_seen_ms       INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_by_unit ON staff (unit) WHERE unit IS NOT NULL;

CREATE TABLE staff_sessions (
    id           TEXT PRIMARY KEY,
    secret_hash  BLOB NOT NULL UNIQUE, -- SHA-256 of the cookie's value
    staff_id     TEXT NOT NULL REFERENCES staff (id),
    stage        TEXT NOT NULL,
    signed_in_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL,
    address      TEXT NOT NULL,
    browser      TEXT NOT NULL,
    new_totp     BLOB NOT NULL -- sealed; empty: none offered
) STRICT, WITHOUT ROWID;
CREATE INDEX staff_sessions_of ON staff_sessions (staff_id);

-- A chain: mac covers the row and the mac before it, with a key outside of here. Of what may tell
-- of a citizen only the commitment is covered, so that it can be forgotten.
CREATE TABLE audit (
    number     INTEGER PRIMARY KEY,
    at_ms      INTEGER NOT NULL,
    staff_id   TEXT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    address    TEXT NOT NULL,
    citizen    TEXT, -- Zalo id; NULL: tells of no citizen, or erased
    subject    TEXT, -- this and the next two are NULL once erased
    detail     TEXT,
    salt       BLOB,
    commitment BLOB NOT NULL, -- SHA-256 of salt, citizen, subject, detail
    mac        BLOB NOT NULL
) STRICT;
CREATE INDEX audit_by_subject ON audit (subject, number) WHERE subject <> '';
CREATE INDEX audit_by_staff ON audit (staff_id, number) WHERE staff_id <> '';
CREATE INDEX audit_by_citizen ON audit (citizen) WHERE citizen IS NOT NULL;
CREATE INDEX complaints_by_officer ON complaints (officer, state) WHERE officer <> '';
)sql",
    // The staff's list: derived from the complaints, filled in by list_unlisted(). Columns that are
    // looked at most come first.
    R"sql(
CREATE TABLE complaint_list (
    id           INTEGER PRIMARY KEY REFERENCES complaints (id),
    test         INTEGER NOT NULL CHECK (test IN (0, 1)),
    due_ms       INTEGER, -- as of complaints
    number       INTEGER NOT NULL, -- sorts as the codes do
    state        TEXT NOT NULL,
    officer      TEXT NOT NULL,
    unit         TEXT NOT NULL,
    category     TEXT NOT NULL,
    commune      TEXT NOT NULL,
    submitted_ms INTEGER NOT NULL,
    updated_ms   INTEGER NOT NULL,
    waiting_ms   INTEGER, -- since when the citizen waits for us
    reopened     INTEGER NOT NULL, -- times
    rating       INTEGER NOT NULL, -- 1..5, 0 = not rated
    files        INTEGER NOT NULL DEFAULT 0, -- photos among them
    photos       INTEGER NOT NULL DEFAULT 0,
    source       TEXT NOT NULL,
    activity     TEXT NOT NULL,
    code         TEXT NOT NULL,
    last_from    TEXT NOT NULL, -- who spoke last: citizen, staff, bot
    last_ms      INTEGER NOT NULL,
    phone        TEXT NOT NULL -- of the sender; empty: not given, or erased
) STRICT;
CREATE INDEX complaint_list_by_officer ON complaint_list (officer) WHERE officer <> '';
CREATE INDEX complaint_list_by_phone ON complaint_list (phone) WHERE phone <> '';

CREATE TABLE complaint_labels (
    label        TEXT NOT NULL,
    complaint_id INTEGER NOT NULL REFERENCES complaints (id),
    key          TEXT NOT NULL, -- what labels are compared by
    PRIMARY KEY (label, complaint_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_labels_of ON complaint_labels (complaint_id);
CREATE INDEX complaint_labels_by_key ON complaint_labels (key);

-- complaints::search_words() of the content and of what was said; rowid: the complaint.
CREATE VIRTUAL TABLE complaint_words USING fts5 (words, detail = none, tokenize = 'ascii');

-- complaints::likeness_keys() of the content.
CREATE TABLE complaint_likeness (
    key          INTEGER NOT NULL,
    complaint_id INTEGER NOT NULL,
    PRIMARY KEY (key, complaint_id)
) STRICT, WITHOUT ROWID;

-- Likely duplicates, in both directions.
CREATE TABLE complaint_duplicates (
    complaint_id INTEGER NOT NULL,
    other        INTEGER NOT NULL,
    similarity   REAL NOT NULL,
    PRIMARY KEY (complaint_id, other)
) STRICT, WITHOUT ROWID;
)sql",
    // What staff do with a case.
    R"sql(
ALTER TABLE complaint_history ADD COLUMN version INTEGER NOT NULL DEFAULT 0; -- 0: changed none
ALTER TABLE complaint_history ADD COLUMN changes TEXT; -- JSON of complaints::field_change
ALTER TABLE complaint_messages ADD COLUMN transition TEXT NOT NULL DEFAULT '';
ALTER TABLE complaint_messages ADD COLUMN outbox_id INTEGER; -- the row that carries it

CREATE INDEX complaint_messages_by_outbox ON complaint_messages (outbox_id)
    WHERE outbox_id IS NOT NULL;

-- Replies that were held back for undoing; the message itself is in complaint_messages.
CREATE TABLE complaint_replies (
    message_id    INTEGER PRIMARY KEY REFERENCES complaint_messages (id),
    complaint_id  INTEGER NOT NULL REFERENCES complaints (id),
    state         TEXT NOT NULL CHECK (state IN ('held', 'given', 'stale')),
    undo_until_ms INTEGER NOT NULL,
    after_contact INTEGER NOT NULL CHECK (after_contact IN (0, 1)),
    draft         TEXT NOT NULL -- JSON of app::reply_draft
) STRICT;
CREATE INDEX complaint_replies_held ON complaint_replies (undo_until_ms, message_id)
    WHERE state = 'held';
CREATE INDEX complaint_replies_held_of ON complaint_replies (complaint_id) WHERE state = 'held';

-- What was asked for already; message_id may be gone.
CREATE TABLE complaint_requests (
    staff_id     TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    complaint_id INTEGER NOT NULL,
    message_id   INTEGER NOT NULL,
    PRIMARY KEY (staff_id, request_id)
) STRICT, WITHOUT ROWID;

-- Texts made fit for publication.
CREATE TABLE complaint_moderations (
    id           INTEGER PRIMARY KEY,
    complaint_id INTEGER NOT NULL REFERENCES complaints (id),
    message_id   INTEGER NOT NULL, -- 0: the content of the complaint
    at_ms        INTEGER NOT NULL,
    staff_id     TEXT NOT NULL,
    original     TEXT NOT NULL,
    text         TEXT NOT NULL,
    reason       TEXT NOT NULL
) STRICT;
CREATE INDEX complaint_moderations_of ON complaint_moderations (complaint_id, message_id, id);
)sql",
    // Dossiers as exports have brought them, one row per export and code: a row counts once its
    // export is finished.
    R"sql(
CREATE TABLE dossier_imports (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL, -- of the file
    hash    TEXT NOT NULL, -- of its bytes
    rule    TEXT NOT NULL, -- name of the proof_rule its seals were made under
    done_ms INTEGER -- NULL: not finished
) STRICT;
CREATE INDEX dossier_imports_done ON dossier_imports (rule, id) WHERE done_ms IS NOT NULL;

CREATE TABLE dossiers (
    code      TEXT NOT NULL,
    import    INTEGER NOT NULL REFERENCES dossier_imports (id),
    state     INTEGER NOT NULL, -- number of dossiers::status
    procedure TEXT NOT NULL,
    unit      TEXT NOT NULL,
    received  INTEGER, -- days since 1970, in Vietnam
    due       INTEGER,
    finished  INTEGER,
    note      TEXT NOT NULL,
    proof     TEXT NOT NULL, -- sealed
    PRIMARY KEY (code, import)
) STRICT, WITHOUT ROWID;
CREATE INDEX dossiers_of_import ON dossiers (import, code);

CREATE TABLE dossier_questions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- an id must never stand for two questions
    user_id TEXT NOT NULL UNIQUE,
    code    TEXT NOT NULL,
    proof   TEXT NOT NULL, -- sealed
    watch   INTEGER NOT NULL CHECK (watch IN (0, 1)),
    guess   INTEGER NOT NULL, -- row of dossier_guesses, or 0
    at_ms   INTEGER NOT NULL
) STRICT;

-- Keyed hashes of citizen and code, for a day.
CREATE TABLE dossier_guesses (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    citizen TEXT NOT NULL,
    code    TEXT NOT NULL,
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX dossier_guesses_by ON dossier_guesses (citizen);
CREATE INDEX dossier_guesses_of ON dossier_guesses (code);
CREATE INDEX dossier_guesses_at ON dossier_guesses (at_ms);

CREATE TABLE dossier_watches (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id  TEXT NOT NULL,
    code     TEXT NOT NULL,
    proof    TEXT NOT NULL, -- sealed
    told     TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    UNIQUE (user_id, code)
) STRICT;
)sql",
    // What the plan's report counts, see reach_rows.hpp.
    R"sql(
ALTER TABLE interactions ADD COLUMN recorded_ms INTEGER; -- later than at_ms if the event was late
ALTER TABLE interactions ADD COLUMN credit TEXT NOT NULL DEFAULT '';
ALTER TABLE interactions ADD COLUMN keyword TEXT NOT NULL DEFAULT '';
ALTER TABLE interactions ADD COLUMN procedure_version TEXT NOT NULL DEFAULT '';
ALTER TABLE interactions ADD COLUMN event INTEGER;   -- row of events it stems from
ALTER TABLE interactions ADD COLUMN citizen INTEGER; -- a number that erasure leaves
ALTER TABLE interactions ADD COLUMN visit INTEGER NOT NULL DEFAULT 0; -- 1: begins one
CREATE INDEX interactions_by_time ON interactions (at_ms); -- nearly appends
ALTER TABLE pseudonyms ADD COLUMN number INTEGER; -- interactions.citizen
ALTER TABLE pseudonyms ADD COLUMN last_active_ms INTEGER;
ALTER TABLE outbox ADD COLUMN answers INTEGER NOT NULL DEFAULT 0; -- 1: a contact that counts; 2: counted

CREATE TABLE reach_daily (
    scope    TEXT NOT NULL,
    day      INTEGER NOT NULL, -- days since 1970 in Asia/Ho_Chi_Minh
    measures INTEGER NOT NULL, -- reach::measure_set
    contacts INTEGER NOT NULL,
    PRIMARY KEY (scope, day, measures)
) STRICT, WITHOUT ROWID;
CREATE TABLE reach_people (
    scope    TEXT NOT NULL,
    day      INTEGER NOT NULL,
    citizen  INTEGER NOT NULL,
    measures INTEGER NOT NULL,
    PRIMARY KEY (scope, day, citizen)
) STRICT, WITHOUT ROWID;
CREATE TABLE reach_people_packed (
    scope   TEXT NOT NULL,
    day     INTEGER NOT NULL,
    members BLOB NOT NULL, -- packed_people.hpp
    PRIMARY KEY (scope, day)
) STRICT;
CREATE TABLE reach_answers (
    day     INTEGER NOT NULL,
    tenths  INTEGER NOT NULL, -- of a second, from the contact to the call that sent the answer
    answers INTEGER NOT NULL,
    PRIMARY KEY (day, tenths)
) STRICT, WITHOUT ROWID;
-- What changed in a month that had ended.
CREATE TABLE reach_corrections (
    month TEXT NOT NULL, -- yyyy-mm
    made  TEXT NOT NULL, -- yyyy-mm-dd
    cause TEXT NOT NULL, -- late_contact, late_entry, entry_withdrawn
    count INTEGER NOT NULL,
    PRIMARY KEY (month, made, cause)
) STRICT, WITHOUT ROWID;

CREATE TABLE links (
    id         INTEGER PRIMARY KEY,
    token      TEXT NOT NULL UNIQUE,
    target     TEXT NOT NULL, -- https; the only place it ever leads to
    citizen    INTEGER,       -- interactions.citizen; NULL once erased
    procedure  TEXT NOT NULL,
    field      TEXT NOT NULL,
    activity   TEXT NOT NULL,
    test       INTEGER NOT NULL CHECK (test IN (0, 1)),
    created_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX links_of_citizen ON links (citizen) WHERE citizen IS NOT NULL;
CREATE TABLE link_clicks (
    id        INTEGER PRIMARY KEY,
    at_ms     INTEGER NOT NULL,
    link      INTEGER NOT NULL REFERENCES links (id),
    citizen   INTEGER,
    procedure TEXT NOT NULL,
    field     TEXT NOT NULL,
    activity  TEXT NOT NULL,
    test      INTEGER NOT NULL CHECK (test IN (0, 1))
) STRICT;
CREATE INDEX link_clicks_by_time ON link_clicks (at_ms);
CREATE TABLE landing_scans (
    id       INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,
    activity TEXT NOT NULL,
    keyword  TEXT NOT NULL
) STRICT;
CREATE INDEX landing_scans_by_time ON landing_scans (at_ms);
CREATE TABLE plan_entries (
    id            INTEGER PRIMARY KEY,
    plan          TEXT NOT NULL,
    activity      TEXT NOT NULL,
    sort          TEXT NOT NULL CHECK (sort IN ('result', 'handed_out')),
    product       TEXT NOT NULL,
    day           TEXT NOT NULL, -- yyyy-mm-dd, local
    quantity      INTEGER NOT NULL,
    unit          TEXT NOT NULL,
    note          TEXT NOT NULL,
    participants  INTEGER NOT NULL,
    evidence_link TEXT NOT NULL,
    evidence_file TEXT NOT NULL,
    entered_by    TEXT NOT NULL,
    entered_ms    INTEGER NOT NULL,
    withdrawn_by  TEXT NOT NULL DEFAULT '',
    withdrawn_ms  INTEGER -- NULL: it counts
) STRICT;
CREATE INDEX plan_entries_of ON plan_entries (plan, day);
)sql",
    R"sql(
-- What a template was before its changes, for those who began from there.
CREATE TABLE reply_template_versions (
    id         INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    categories TEXT NOT NULL,
    transition TEXT NOT NULL,
    updated_ms INTEGER NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
-- Few among many: those who look after them need not read the whole outbox.
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
-- What the staff made of sentences the machine did not get.
CREATE TABLE unknown_decisions (
    id          INTEGER PRIMARY KEY,
    texts       TEXT NOT NULL, -- JSON list
    whole_group INTEGER NOT NULL CHECK (whole_group IN (0, 1)),
    verdict     TEXT NOT NULL, -- app::unknown_verdict
    target      TEXT NOT NULL, -- procedure code or intent
    staff_id    TEXT NOT NULL,
    at_ms       INTEGER NOT NULL,
    undone_by   TEXT NOT NULL DEFAULT '',
    undone_ms   INTEGER -- NULL: it holds
) STRICT;
-- Every version of what the staff made of a procedure's overlay.
CREATE TABLE procedure_edits (
    code     TEXT NOT NULL,
    version  INTEGER NOT NULL,
    record   TEXT NOT NULL, -- JSON of procedures::procedure, an overlay
    staff_id TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    reason   TEXT NOT NULL,
    PRIMARY KEY (code, version)
) STRICT, WITHOUT ROWID;
)sql",
    // SQLite makes a table for every list of more than two it looks something up in, here at every
    // change of a row; pairs are compared.
    R"sql(
CREATE TABLE new_outbox (
    id            INTEGER PRIMARY KEY,
    user_id       TEXT, -- NULL once erased
    previous      INTEGER,
    state         TEXT NOT NULL CHECK (
        state IN ('pending', 'sending') OR state IN ('sent', 'delivered') OR state IN ('seen', 'retry')
        OR state IN ('unknown', 'waiting') OR state = 'dead'),
    due_ms        INTEGER, -- NULL: not to be claimed, or waits behind an older row of its citizen
    attempts      INTEGER NOT NULL DEFAULT 0,
    unknowns      INTEGER NOT NULL DEFAULT 0, -- calls whose outcome was unknown
    first_call_ms INTEGER, -- the first call that may have arrived
    last_call_ms  INTEGER,
    message       TEXT, -- JSON of dialogue::outgoing_message; NULL once erased
    message_id    TEXT, -- the platform's
    reason        TEXT NOT NULL DEFAULT '',
    forget        INTEGER NOT NULL CHECK (forget IN (0, 1)), -- 1: said to a citizen just erased
    created_ms    INTEGER NOT NULL,
    updated_ms    INTEGER NOT NULL,
    answers       INTEGER NOT NULL DEFAULT 0 -- 1: a contact that counts; 2: counted
) STRICT;
INSERT INTO new_outbox (id, user_id, previous, state, due_ms, attempts, unknowns, first_call_ms,
    last_call_ms, message, message_id, reason, forget, created_ms, updated_ms, answers)
SELECT id, user_id, previous, state, due_ms, attempts, unknowns, first_call_ms,
    last_call_ms, message, message_id, reason, forget, created_ms, updated_ms, answers FROM outbox;
DROP TABLE outbox;
ALTER TABLE new_outbox RENAME TO outbox;
CREATE INDEX outbox_unsettled ON outbox (user_id, id)
    WHERE state IN ('pending', 'sending') OR state IN ('retry', 'unknown');
CREATE INDEX outbox_waiting ON outbox (user_id, id) WHERE state = 'waiting';
CREATE INDEX outbox_due ON outbox (due_ms, id) WHERE due_ms IS NOT NULL;
CREATE INDEX outbox_by_message_id ON outbox (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE state = 'dead';
)sql",
    // A citizen who asks about two dossiers at once is answered about both; of two questions about
    // one the newer counts.
    R"sql(
CREATE TABLE new_dossier_questions (
    id      INTEGER PRIMARY KEY AUTOINCREMENT, -- an id must never stand for two questions
    user_id TEXT NOT NULL,
    code    TEXT NOT NULL,
    proof   TEXT NOT NULL, -- sealed
    watch   INTEGER NOT NULL CHECK (watch IN (0, 1)),
    guess   INTEGER NOT NULL, -- row of dossier_guesses, or 0
    at_ms   INTEGER NOT NULL,
    UNIQUE (user_id, code, watch)
) STRICT;
INSERT INTO new_dossier_questions SELECT id, user_id, code, proof, watch, guess, at_ms
    FROM dossier_questions;
DROP TABLE dossier_questions;
ALTER TABLE new_dossier_questions RENAME TO dossier_questions;
)sql",
    R"sql(
-- Files sent as evidence of a result that no entry has named yet; entries keep the name by themselves.
CREATE TABLE evidence_files (
    file     TEXT PRIMARY KEY,
    noted_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE plan_entries ADD COLUMN evidence_name TEXT NOT NULL DEFAULT '';
CREATE INDEX plan_entries_evidence ON plan_entries (evidence_file);
)sql",
};

std::int64_t integer_of(const SQLite::Database& connection, const char* sql)
{
    SQLite::Statement query(connection, sql);
    return query.executeStep() ? query.getColumn(0).getInt64() : 0;
}

void configure(SQLite::Database& connection)
{
    SQLite::Statement mode(connection, "PRAGMA journal_mode = WAL");
    if (!mode.executeStep() || mode.getColumn(0).getString() != "wal")
        throw std::runtime_error("this file system does not carry a write-ahead log");
    mode.reset();
    for (const auto* pragma :
         {"PRAGMA synchronous = FULL",
          "PRAGMA wal_autocheckpoint = 0", // the writer checkpoints between groups
          "PRAGMA foreign_keys = ON",
          "PRAGMA secure_delete = ON",
          "PRAGMA temp_store = MEMORY",
          "PRAGMA mmap_size = 0",
          "PRAGMA cache_size = -16384"}) // KiB
    {
        SQLite::Statement(connection, pragma).tryExecuteStep();
    }
    int step = growth_bytes;
    sqlite3_file_control(connection.getHandle(), "main", SQLITE_FCNTL_CHUNK_SIZE, &step);
}

// Reads every page of a small file. Of a large one only the tables whose damage would change
// answers: the logs make it large, are only appended to, and would cost the start its two seconds.
void check(const SQLite::Database& connection, const std::filesystem::path& file)
{
    const auto expect_sound = [&connection](const std::string& sql) {
        SQLite::Statement query(connection, sql);
        if (!query.executeStep() || query.getColumn(0).getString() != "ok")
            throw std::runtime_error("damaged: restore a backup");
    };
    if (std::filesystem::file_size(file) <= whole_check_limit_bytes) {
        expect_sound("PRAGMA quick_check(1)");
        return;
    }
    for (const auto* table : {"citizens", "complaints", "conversations", "procedures", "settings"})
        expect_sound("PRAGMA quick_check(" + std::string(table) + ")");
}

bool holds_log(const std::filesystem::path& file)
{
    std::error_code none;
    const auto bytes = std::filesystem::file_size(file.string() + "-wal", none);
    return !none && bytes > 0;
}

// What a crash has left in the log may be of somebody erased since. A reader may keep it from being
// cut; then it goes with the next erasure.
void cut_log(SQLite::Database& connection)
{
    sqlite3_busy_timeout(connection.getHandle(), 0);
    sqlite3_wal_checkpoint_v2(
        connection.getHandle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(connection.getHandle(), busy_timeout_ms);
}

void migrate(SQLite::Database& connection)
{
    for (auto version = schema_version(connection); version < newest_schema_version(); ++version) {
        SQLite::Transaction whole(connection, SQLite::TransactionBehavior::IMMEDIATE);
        connection.exec(migrations.at(static_cast<std::size_t>(version)));
        connection.exec("PRAGMA application_id = " + std::to_string(application_id));
        connection.exec("PRAGMA user_version = " + std::to_string(version + 1));
        whole.commit();
    }
}

} // namespace

void make_private_file(const std::filesystem::path& file)
{
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor < 0)
        throw std::system_error(errno, std::generic_category(), "cannot open the database");
    // SQLite gives its -wal and -shm files the mode of the database.
    const bool done = ::fchmod(descriptor, 0600) == 0;
    ::close(descriptor);
    if (!done)
        throw std::system_error(errno, std::generic_category(), "cannot protect the database");
}

void refuse_foreign(const SQLite::Database& connection)
{
    const auto owner = integer_of(connection, "PRAGMA application_id");
    if (owner != application_id &&
        (owner != 0 || schema_version(connection) != 0 ||
         integer_of(connection, "SELECT count(*) FROM sqlite_schema") != 0))
        throw std::runtime_error("a database of another program");
    if (schema_version(connection) > newest_schema_version())
        throw std::runtime_error(
            "made by a newer program (schema " + std::to_string(schema_version(connection)) +
            ", this one knows " + std::to_string(newest_schema_version()) +
            "): install that or restore a backup");
}

int newest_schema_version()
{
    return static_cast<int>(migrations.size());
}

int schema_version(const SQLite::Database& connection)
{
    return static_cast<int>(integer_of(connection, "PRAGMA user_version"));
}

SQLite::Database open_writing_connection(const std::filesystem::path& file)
{
    try {
        make_private_file(file);
        const bool has_log = holds_log(file);
        SQLite::Database connection(
            file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX, busy_timeout_ms);
        if (sqlite3_db_readonly(connection.getHandle(), "main") == 1)
            throw std::runtime_error("read-only");
        refuse_foreign(connection);
        configure(connection);
        if (schema_version(connection) > 0)
            check(connection, file);
        if (has_log)
            cut_log(connection);
        migrate(connection);
        list_unlisted(connection);
        return connection;
    } catch (const SQLite::Exception& failure) {
        const auto code = failure.getErrorCode();
        if (code == SQLITE_NOTADB)
            throw std::runtime_error(file.string() + ": not a database");
        if (code == SQLITE_CORRUPT)
            throw std::runtime_error(file.string() + ": damaged: restore a backup");
        throw std::runtime_error(file.string() + ": " + failure.what());
    } catch (const std::exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
}

SQLite::Database open_reading_connection(const std::filesystem::path& file)
{
    SQLite::Database connection(
        file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX, busy_timeout_ms);
    connection.exec("PRAGMA query_only = ON");
    return connection;
}

} // namespace motcua::sqlite
