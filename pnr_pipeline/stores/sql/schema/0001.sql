-- The store of one processing domain. Times are ISO 8601 UTC text, ids are random 128-bit hex where not said otherwise.
-- No column holds a traveller's name, birth date, document, contact, payment or other identity element in clear
-- (Annex I classes of PNR art. 12(2); API data are identity as a whole): those are BLOBs, sealed outside SQL.

-- One place that says how long each table's rows live, and by which rule (RET-7). A table without a row here
-- is refused by the tests.
CREATE TABLE retention_class (
    table_name TEXT PRIMARY KEY,
    class      TEXT NOT NULL CHECK (class IN ('ingest', 'record', 'log', 'working')),
    because    TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO retention_class VALUES
    ('retention_class', 'working', 'no personal data'),
    ('schema_version',  'working', 'no personal data'),
    ('deployment',      'working', 'one row, no personal data'),
    ('basis',           'working', 'no personal data: States, authorities, articles'),
    ('basis_state',     'working', 'with its basis'),
    ('leg',             'log',     'five years, flights only; its index key goes with what was received first (LOG-3)'),
    ('leg_name',        'log',     'five years since it was told, flights only (LOG-3)'),
    ('record_head',     'record',  'delete_at of the row (RET-1, RET-3)'),
    ('body',            'record',  'with its record_head; identity ends with its key (RET-2, RET-3)'),
    ('push',            'record',  'the period of the leg: what came first of a flight ends all messages of it (RET-1, RET-3)'),
    ('push_body',       'record',  'with its push; ends with its key (RET-1, RET-3)'),
    ('open_set',        'record',  'with the push; gone when the set is whole'),
    ('listing',         'record',  'with the leg''s index key: the period of what came first of it (RET-2, RET-3)'),
    ('join_key',        'record',  'with the leg; keyed hashes, useless once the leg''s index key is gone (RET-2)'),
    ('hit',             'record',  'not longer than its record (SCR-7)'),
    ('hit_version',     'record',  'with its hit (SCR-7)'),
    ('decision',        'record',  'with its hit (SCR-7)'),
    ('memory',          'record',  'not longer than its record (SCR-7); keyed hashes, useless once its period is gone'),
    ('shadow_hit',      'record',  'not longer than its record (SCR-7)'),
    ('shared_key',      'record',  'with its booking; keyed hashes, useless once the leg''s index key is gone (RET-2)'),
    ('approval_order',  'log',     'five years (LOG-1, LOG-3); what it says is sealed and ends with the key of its day'),
    ('order_subject',   'log',     'with its order'),
    ('archive_search',  'log',     'five years, references only (LOG-1, LOG-3)'),
    ('archive_find',    'record',  'with its record; sealed under its keys (SCR-7, RET-3)'),
    ('dpo_item',        'log',     'five years, references only (LOG-3)'),
    ('rights_key',      'record',  'with its record; keyed hashes, useless once the key of their period is gone (RGT-2)'),
    ('restriction',     'record',  'with its record (RGT-4)'),
    ('rectification',   'record',  'with its record (RGT-4)'),
    ('rights_notice',   'log',     'five years, references only (RGT-4, LOG-3)'),
    ('rights_request',  'log',     'five years, references only (RGT-2, LOG-3)'),
    ('exchange_letter', 'log',     'five years, references only (LOG-1, LOG-3)'),
    ('exchange_subject', 'log',    'with its letter'),
    ('exchange_body',   'record',  'what came: the period of its receipt; what went: that of the oldest record in it (RET-1, RET-3)'),
    ('approver_seal',   'record',  'with the last record of its period in class L; opens for the approver alone (DIS-4)'),
    ('criterion',       'log',     'five years: the approved text explains the hits it made (RGT-5, LOG-3)'),
    ('population_count', 'working', 'counts of groups that refer to nobody; dropped when told, or with their year'),
    ('outbox',          'record',  'emptied when relayed; the row goes with its hit'),
    ('unit_queue',      'record',  'sealed to the unit; not longer than the hit (SCR-7)'),
    ('fallback',        'record',  'with its message; the copy goes once the router''s is here (ING-9)'),
    ('presence',        'record',  'with its record (RET-5)'),
    ('evidence_copy',   'record',  'until the day that was set, never past its record in the Union (RET-10)'),
    ('promotion',       'record',  'with its record (RET-3)'),
    ('key_period',      'log',     'five years: which key ended when, by which article (RET-8, LOG-3)'),
    ('clearing',        'working', 'until the rows of its period are gone; counts only'),
    ('clock_mark',      'working', 'one row, no personal data'),
    ('clock_anchor',    'working', 'one row for each start of a machine, no personal data'),
    ('sweep_state',     'working', 'one row, no personal data'),
    ('stream_number',   'working', 'one row a unit or topic, no personal data'),
    ('lease',           'working', 'one row a task, overwritten'),
    ('notice',          'working', 'ids, states and codes; goes once the broker has it, after 72 hours in any case'),
    ('kept_act',        'working', 'random ids of acts that the ledger beside the keys holds (RET-8)'),
    ('restored',        'working', 'one row, no personal data'),
    ('duty',            'working', 'one row a duty, no personal data'),
    ('suspension',      'log',     'five years, ids of the staff (SEC-4, LOG-3)'),
    ('audit_entry',     'log',     'five years (LOG-3)'),
    ('receipt',         'log',     'five years, no personal data (LOG-3)'),
    ('message',         'log',     'five years, hashes only: a replay must be known as one (LOG-3)'),
    ('finding_count',   'log',     'five years, rules and counts only (LOG-3)'),
    ('feed_message',    'log',     'five years, flights and counts only (LOG-3)'),
    ('element_count',   'log',     'with its feed_message'),
    ('source_position', 'working', 'one row a source'),
    ('log_position',    'working', 'one row a partition of a log'),
    ('attempt',         'working', 'cleared by the commit'),
    ('dead_letter',     'ingest',  '72 hours (LAW 12.5)');

CREATE TABLE deployment (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    profile TEXT NOT NULL,
    domain  TEXT NOT NULL CHECK (domain IN ('law_enforcement', 'border')),
    profile_digest TEXT NOT NULL DEFAULT ''       -- of what was in force last: a change is noted once
) STRICT;

-- For which States, under whose answer and on which legal basis a row is kept (PNR art. 4; ING-1). Every table that
-- holds anything of travellers refers to it row by row; a test refuses one without. What changes makes a new number.
CREATE TABLE basis (
    basis INTEGER PRIMARY KEY,
    told  TEXT NOT NULL UNIQUE                 -- what basis_state says of it, in one line
) STRICT;

CREATE TABLE basis_state (
    basis       INTEGER NOT NULL REFERENCES basis,
    state       TEXT NOT NULL,                 -- ISO 3166 alpha-2; ZZ where the profile names none
    controller  TEXT NOT NULL,                 -- id of the authority that the State named
    legal_basis TEXT NOT NULL,                 -- act and article
    PRIMARY KEY (basis, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE leg (
    leg_id      TEXT PRIMARY KEY,
    leg_key     TEXT NOT NULL UNIQUE,          -- ended:<leg_id> once its index key is gone: what comes later begins anew
    flight      TEXT NOT NULL,                 -- FlightLeg as JSON
    period      TEXT NOT NULL,                 -- key period of the blind index: first receipt
    newest      TEXT NOT NULL,                 -- order of the newest message folded
    floors      TEXT NOT NULL,                 -- orders at which full lists begin, by list, as JSON
    criteria    TEXT NOT NULL DEFAULT '',      -- edition of the criteria that all its records were judged by; '' for none
    assess_until TEXT,                         -- end of the advance assessment; null while no schedule is told
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;
CREATE INDEX leg_by_end ON leg (assess_until);
CREATE INDEX leg_by_period ON leg (period);

CREATE TABLE leg_name (                        -- numbers of code-share flights that messages tell in pairs
    leg_key TEXT PRIMARY KEY,                  -- of a leg under this number, whether anything came under it or not
    main    TEXT NOT NULL,                     -- leg_key of the number that the leg goes by: the operating flight's
    carrier TEXT NOT NULL,
    number  TEXT NOT NULL,
    sold    INTEGER NOT NULL,                  -- 1 where a message tells that another flight operates it
    told_at TEXT NOT NULL                      -- when something of it was learnt last
) STRICT, WITHOUT ROWID;
CREATE INDEX leg_name_of ON leg_name (main);

CREATE TABLE record_head (
    record_id      TEXT PRIMARY KEY,
    kind           TEXT NOT NULL CHECK (kind IN ('traveller', 'booking')),
    leg_id         TEXT NOT NULL REFERENCES leg,
    status         TEXT NOT NULL CHECK (status IN ('live', 'superseded')),
    version        INTEGER NOT NULL,
    ord            TEXT NOT NULL,              -- order of the newest message in it
    booking_key    TEXT,                       -- bookings: hash of locator, else of message and index, under the leg's index key
    period         TEXT NOT NULL,              -- class and day (or hour) of the earliest receipt
    received_at    TEXT NOT NULL,
    mask_at        TEXT,
    mask_because   TEXT,
    delete_at      TEXT NOT NULL,
    delete_because TEXT NOT NULL,
    list_version   TEXT NOT NULL,              -- edition of the lists it was last screened with; '' for bookings
    api_list       TEXT CHECK (api_list IN ('api', 'crew')),  -- travellers whom the API told: passengers or crew
    api_ord        TEXT,                       -- order of the message by which the API lists them; '' once it took them off
    pnr_ord        TEXT,                       -- the same of the bookings; null where they never told them
    basis INTEGER NOT NULL REFERENCES basis,
    CHECK ((kind = 'booking') = (booking_key IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX record_of_leg ON record_head (leg_id, kind, status);
CREATE INDEX record_by_list_version ON record_head (list_version) WHERE status = 'live' AND kind = 'traveller';
CREATE INDEX record_by_period ON record_head (period);
CREATE UNIQUE INDEX booking_of_leg ON record_head (leg_id, booking_key) WHERE kind = 'booking';

-- BY PERIOD, here and below: PostgreSQL keeps each key period apart (DESIGN 6), so that it goes as a file; the key begins
-- with the period, so that SQLite has each one's rows together. No such table refers to another: one goes before the rest.
-- What has a sealed part has a rowid: SQLite would spread long rows of a table without one over pages of their own.
CREATE TABLE body (
    record_id TEXT NOT NULL,
    period    TEXT NOT NULL,                   -- of its head; one body a record
    open      TEXT NOT NULL,                   -- journey elements (LAW 9) as JSON
    identity  BLOB NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (period, record_id)
) STRICT /* BY PERIOD */;

CREATE TABLE push (
    leg_id      TEXT NOT NULL REFERENCES leg,
    message_id  TEXT NOT NULL,                 -- hash of the bytes, and ordinal
    ord         TEXT NOT NULL,
    source      TEXT NOT NULL CHECK (source IN ('api', 'pnr')),
    set_key     TEXT NOT NULL,                 -- common to the parts of one list, a hash under the index key; '' where alone
    period      TEXT NOT NULL,
    received_at TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (leg_id, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX push_by_period ON push (period);

CREATE TABLE push_body (
    leg_id     TEXT NOT NULL,
    message_id TEXT NOT NULL,
    period     TEXT NOT NULL,                  -- of its push
    sealed     BLOB NOT NULL,                  -- the message, compressed
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (period, leg_id, message_id)
) STRICT /* BY PERIOD */;

CREATE TABLE open_set (                        -- sets of parts that are not whole (ENV-09)
    leg_id      TEXT NOT NULL REFERENCES leg,
    source      TEXT NOT NULL CHECK (source IN ('api', 'pnr')),
    set_key     TEXT NOT NULL,                 -- as in push
    message_id  TEXT NOT NULL,                 -- the part that came last
    received_at TEXT NOT NULL,                 -- of that part
    marked_at   TEXT,                          -- null until it is said to be incomplete
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (leg_id, source, set_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX open_set_waiting ON open_set (received_at) WHERE marked_at IS NULL;

CREATE TABLE listing (
    leg_id     TEXT NOT NULL,
    message_id TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    record_id  TEXT NOT NULL,
    period     TEXT NOT NULL,                  -- of the leg
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (period, leg_id, message_id, ordinal)
) STRICT, WITHOUT ROWID /* BY PERIOD */;

CREATE TABLE join_key (
    leg_id    TEXT NOT NULL,
    key       BLOB NOT NULL,                   -- first 16 bytes of an HMAC under the leg's index key
    record_id TEXT NOT NULL,                   -- of record_head; goes with the leg, earlier than that or with it
    period    TEXT NOT NULL,                   -- of the leg
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (period, leg_id, key, record_id)
) STRICT, WITHOUT ROWID /* BY PERIOD */;

CREATE TABLE hit (
    hit_id     TEXT PRIMARY KEY,               -- hash of record, list and entry
    record_id  TEXT NOT NULL REFERENCES record_head,
    leg_id     TEXT NOT NULL REFERENCES leg,
    list_id    TEXT NOT NULL,
    entry_id   TEXT NOT NULL,
    state      TEXT NOT NULL,
    version    INTEGER NOT NULL,
    period     TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    sealed     BLOB NOT NULL,                  -- the hit with its evidence
    basis INTEGER NOT NULL REFERENCES basis
) STRICT;
CREATE INDEX hit_of_record ON hit (record_id);
CREATE INDEX hit_by_state ON hit (state);
CREATE INDEX hit_of_leg ON hit (leg_id);
CREATE INDEX hit_by_period ON hit (period);

CREATE TABLE hit_version (
    hit_id       TEXT NOT NULL REFERENCES hit,
    version      INTEGER NOT NULL,
    at           TEXT NOT NULL,
    list_version TEXT NOT NULL,
    engine       TEXT NOT NULL,
    brought      TEXT NOT NULL CHECK (brought IN ('api', 'pnr', 'list', 'criterion')),  -- who brought the evidence
    settlement   TEXT NOT NULL,
    period       TEXT NOT NULL,
    sealed       BLOB NOT NULL,                -- the match: evidence, weights, thresholds (RGT-5)
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (hit_id, version)
) STRICT;

CREATE TABLE decision (
    row      INTEGER PRIMARY KEY AUTOINCREMENT,
    hit_id   TEXT NOT NULL REFERENCES hit,
    at       TEXT NOT NULL,
    version  INTEGER NOT NULL,
    outcome  TEXT NOT NULL,
    reason   TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    period   TEXT NOT NULL,
    sealed   BLOB NOT NULL,                    -- the note
    basis INTEGER NOT NULL REFERENCES basis
) STRICT;
CREATE INDEX decision_on_hit ON decision (hit_id);

CREATE TABLE memory (                          -- "not this person"
    memory_id       TEXT PRIMARY KEY,
    hit_id          TEXT NOT NULL REFERENCES hit,
    record_id       TEXT NOT NULL REFERENCES record_head,
    list_id         TEXT NOT NULL,
    entry_id        TEXT NOT NULL,
    entry_version   TEXT NOT NULL,             -- hash of what the list said of the entry
    identity        TEXT NOT NULL,             -- names, birth date, documents: HMACs under a key of the period, as JSON
    period          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    reviewer        TEXT NOT NULL,
    second_reviewer TEXT NOT NULL,
    at              TEXT NOT NULL,
    expires_at      TEXT NOT NULL,
    woken_at        TEXT,                      -- null while it holds
    woken_because   TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;
CREATE INDEX memory_of_entry ON memory (list_id, entry_id) WHERE woken_at IS NULL;
CREATE INDEX memory_of_hit ON memory (hit_id);
CREATE INDEX memory_of_record ON memory (record_id);
CREATE INDEX memory_by_period ON memory (period);

CREATE TABLE criterion (                       -- acts on criteria; the last one of an id says whether it is in force
    row      INTEGER PRIMARY KEY AUTOINCREMENT,
    at       TEXT NOT NULL,
    act      TEXT NOT NULL CHECK (act IN ('approve', 'retire')),
    id       TEXT NOT NULL,
    version  INTEGER NOT NULL,
    name     TEXT NOT NULL,                    -- of the file
    text     TEXT NOT NULL,                    -- as approved; '' where retired
    approval TEXT NOT NULL                     -- Approval as JSON, with its signature
) STRICT;
CREATE INDEX criterion_by_id ON criterion (id);

CREATE TABLE shadow_hit (                      -- matches of criteria in shadow mode: counted, shown to nobody
    hit_id    TEXT PRIMARY KEY,                -- as a hit's
    record_id TEXT NOT NULL REFERENCES record_head,
    leg_id    TEXT NOT NULL REFERENCES leg,
    list_id   TEXT NOT NULL,                   -- criteria:<id>
    entry_id  TEXT NOT NULL,                   -- v<version>
    raised_at TEXT NOT NULL,
    period    TEXT NOT NULL,
    sealed    BLOB NOT NULL,                   -- the match with its evidence
    basis INTEGER NOT NULL REFERENCES basis
) STRICT;
CREATE INDEX shadow_hit_of_record ON shadow_hit (record_id);
CREATE INDEX shadow_hit_of_leg ON shadow_hit (leg_id);
CREATE INDEX shadow_hit_by_list ON shadow_hit (list_id, raised_at);
CREATE INDEX shadow_hit_by_period ON shadow_hit (period);

CREATE TABLE shared_key (
    leg_id      TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('contact', 'payment')),
    key         BLOB NOT NULL,                 -- first 16 bytes of an HMAC under the leg's index key
    booking_key TEXT NOT NULL,
    period      TEXT NOT NULL,                 -- of the leg
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (period, leg_id, kind, key, booking_key)
) STRICT, WITHOUT ROWID /* BY PERIOD */;
CREATE INDEX shared_key_of_booking ON shared_key (leg_id, booking_key);

CREATE TABLE population_count (                -- decisions by group, counted until they are many enough for the log
    month     TEXT NOT NULL,                   -- 2026-01, UTC; of the decision
    list_id   TEXT NOT NULL,
    outcome   TEXT NOT NULL CHECK (outcome IN ('confirmed', 'negative')),
    dimension TEXT NOT NULL CHECK (dimension IN ('all', 'sex', 'age', 'script')),
    grp       TEXT NOT NULL,
    number    INTEGER NOT NULL,
    PRIMARY KEY (month, list_id, outcome, dimension, grp)
) STRICT, WITHOUT ROWID;

CREATE TABLE approver_seal (                   -- the approver's half of a day of class L, as he alone can open it
    period   TEXT PRIMARY KEY,                 -- L/2026-01-10
    approver TEXT NOT NULL,
    box      BLOB NOT NULL,                    -- sealed to his key of the month of receipt
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;

CREATE TABLE approval_order (                  -- requests for unmasking and for acts under purpose (b), and their answers
    order_id     TEXT PRIMARY KEY,
    act          TEXT NOT NULL CHECK (act IN ('unmask', 'disclose', 'search', 'transfer', 'rights')),
    case_ref     TEXT NOT NULL,
    requester    TEXT NOT NULL,
    requested_at TEXT NOT NULL,
    review_by    TEXT,                         -- urgent ones: until when the approver must have reviewed it
    status       TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'refused')),
    approver     TEXT NOT NULL,                -- '' until answered
    decided_at   TEXT,
    valid_until  TEXT,
    period       TEXT NOT NULL,
    request      BLOB NOT NULL,                -- the signed request
    answer       BLOB                          -- the signed answer
) STRICT, WITHOUT ROWID;

CREATE TABLE order_subject (
    order_id TEXT NOT NULL REFERENCES approval_order,
    subject  TEXT NOT NULL,                    -- id of a record or hit
    used_at  TEXT,                             -- once: a second disclosure asks for a second order
    PRIMARY KEY (order_id, subject)
) STRICT, WITHOUT ROWID;

CREATE TABLE archive_search (                  -- searches of the archive under an order: references and counts
    order_id TEXT PRIMARY KEY REFERENCES approval_order,
    begun_at TEXT NOT NULL,
    begun_by TEXT NOT NULL,
    done_at  TEXT,                             -- null until it came to its end: it may be begun again
    masked   INTEGER NOT NULL                  -- masked days in which only the approver's answers look
) STRICT, WITHOUT ROWID;

CREATE TABLE archive_find (                    -- the case file: which records a search found, each as long as the record
    order_id  TEXT NOT NULL REFERENCES archive_search,
    record_id TEXT NOT NULL,
    person    TEXT NOT NULL,                   -- id in the order
    period    TEXT NOT NULL,                   -- of the record
    masked    INTEGER NOT NULL CHECK (masked IN (0, 1)),
    sealed    BLOB NOT NULL,                   -- the match with its evidence; of a masked one by what it was met
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (order_id, record_id, person)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_find_by_period ON archive_find (period);
CREATE INDEX archive_find_of_record ON archive_find (record_id);

CREATE TABLE dpo_item (                        -- what the data-protection officer is told and has to look at
    item_id   TEXT PRIMARY KEY,
    at        TEXT NOT NULL,
    kind      TEXT NOT NULL,
    reference TEXT NOT NULL,                   -- order:…, right:…, as in the log
    due_at    TEXT,                            -- null where nothing is asked
    done_at   TEXT,
    done_by   TEXT NOT NULL,
    outcome   TEXT NOT NULL                    -- lawful, unlawful or seen, with a code for the reason
) STRICT, WITHOUT ROWID;
CREATE INDEX dpo_item_open ON dpo_item (due_at) WHERE done_at IS NULL;

CREATE TABLE rights_key (                      -- finds a person who asks: names with birth dates, documents
    period    TEXT NOT NULL,                   -- of the record
    key       BLOB NOT NULL,                   -- first 16 bytes of an HMAC under a key of the period, in class L of both sides
    record_id TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (period, key, record_id)
) STRICT, WITHOUT ROWID /* BY PERIOD */;

CREATE TABLE restriction (                     -- records that a person asked to be restricted: LED art. 16(3)
    record_id TEXT PRIMARY KEY,
    case_ref  TEXT NOT NULL,
    by        TEXT NOT NULL,
    at        TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;

CREATE TABLE rectification (                   -- what was put right or added at a person's request: fields, never values
    record_id TEXT NOT NULL,
    field     TEXT NOT NULL,
    case_ref  TEXT NOT NULL,
    by        TEXT NOT NULL,
    at        TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (record_id, field, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE rights_notice (                   -- who is to be told of a change at a person's request: LED art. 16(5), (6)
    notice_id TEXT PRIMARY KEY,
    record_id TEXT NOT NULL,
    case_ref  TEXT NOT NULL,
    what      TEXT NOT NULL CHECK (what IN ('rectified', 'completed', 'restricted')),
    recipient TEXT NOT NULL,                   -- unit:…, partner:…, carrier:…, or source
    at        TEXT NOT NULL,
    told_at   TEXT,
    told_by   TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE rights_request (
    case_ref    TEXT PRIMARY KEY,
    right_asked TEXT NOT NULL CHECK (right_asked IN ('access', 'rectify', 'complete', 'erase', 'restrict')),
    asked_at    TEXT NOT NULL,
    due_at      TEXT NOT NULL,
    answered_at TEXT,
    answered_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE exchange_letter (                 -- letters to and from partners abroad (PNR art. 9 to 11)
    letter_id TEXT PRIMARY KEY,                -- the sender's random id: a replay is known as one
    way       TEXT NOT NULL CHECK (way IN ('in', 'out')),
    kind      TEXT NOT NULL CHECK (kind IN ('request', 'data', 'refusal', 'notice')),
    partner   TEXT NOT NULL,
    partner_kind TEXT NOT NULL,
    answers   TEXT NOT NULL,                   -- letter it answers, or ''
    case_ref  TEXT NOT NULL,                   -- ours
    article   TEXT NOT NULL,
    order_id  TEXT NOT NULL,                   -- '' where review alone was asked
    actor     TEXT NOT NULL,
    at        TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('open', 'done')),
    checked   TEXT NOT NULL,                   -- items of the checklist with who answered them, as JSON; codes only
    persons   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX exchange_letter_open ON exchange_letter (at) WHERE state = 'open';

CREATE TABLE exchange_body (                   -- what they say
    letter_id TEXT PRIMARY KEY REFERENCES exchange_letter,
    period    TEXT NOT NULL,
    sealed    BLOB NOT NULL,                   -- what came, or the words of who sent
    file      BLOB,                            -- what went, as the partner alone can open it
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;
CREATE INDEX exchange_body_by_period ON exchange_body (period);

CREATE TABLE exchange_subject (                -- whom to tell where what went proves wrong (LED art. 7(3))
    letter_id TEXT NOT NULL REFERENCES exchange_letter,
    subject   TEXT NOT NULL,                   -- id of a record, a hit or a received letter
    wrong_at  TEXT,
    told_at   TEXT,
    PRIMARY KEY (letter_id, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX exchange_subject_by_id ON exchange_subject (subject);

CREATE TABLE outbox (
    event_id   TEXT PRIMARY KEY,
    unit       TEXT NOT NULL,
    hit_id     TEXT NOT NULL REFERENCES hit,
    created_at TEXT NOT NULL,
    event      TEXT NOT NULL,                  -- envelope, payload sealed to the unit; '' once relayed
    seq        INTEGER,                        -- null until relayed
    basis INTEGER NOT NULL REFERENCES basis,
    UNIQUE (unit, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE seq IS NULL;
CREATE INDEX outbox_of_hit ON outbox (hit_id);

CREATE TABLE unit_queue (
    unit     TEXT NOT NULL,
    seq      INTEGER NOT NULL,
    event_id TEXT NOT NULL UNIQUE REFERENCES outbox,
    line     TEXT NOT NULL,                    -- the CloudEvent as published, `seq` included
    basis INTEGER NOT NULL REFERENCES basis,
    PRIMARY KEY (unit, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE fallback (                        -- messages that came while the router was out (ING-9)
    message_id TEXT PRIMARY KEY,
    request    TEXT NOT NULL,                  -- reference of the request for the other channel
    actor      TEXT NOT NULL,
    at         TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;

CREATE TABLE presence (                        -- what the border police said of a traveller (border domain, RET-5)
    record_id TEXT PRIMARY KEY,
    presented INTEGER NOT NULL CHECK (presented IN (0, 1)),
    actor     TEXT NOT NULL,
    at        TEXT NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;

CREATE TABLE evidence_copy (                   -- restricted: for a person's dispute, seen by the officer for data protection
    copy_id    TEXT PRIMARY KEY,
    record_id  TEXT NOT NULL,
    period     TEXT NOT NULL,                  -- evidence/<day of its end>
    authority  TEXT NOT NULL,                  -- for whom: the id of an authority
    case_ref   TEXT NOT NULL,
    actor      TEXT NOT NULL,
    at         TEXT NOT NULL,
    review_by  TEXT NOT NULL,
    sealed     BLOB NOT NULL,                  -- open and identity part as they were
    basis INTEGER NOT NULL REFERENCES basis
) STRICT;
CREATE INDEX evidence_copy_by_period ON evidence_copy (period);

CREATE TABLE promotion (                       -- records of class L: on what evidence, by whom, until which review
    record_id TEXT PRIMARY KEY,
    period    TEXT NOT NULL,
    evidence  TEXT NOT NULL,                   -- a reference
    reason    TEXT NOT NULL,                   -- a code of retention.promotion
    actor     TEXT NOT NULL,
    at        TEXT NOT NULL,
    review_by TEXT NOT NULL,                   -- a day
    basis INTEGER NOT NULL REFERENCES basis
) STRICT, WITHOUT ROWID;
CREATE INDEX promotion_by_period ON promotion (period);

CREATE TABLE key_period (                      -- every period under which something was sealed
    period         TEXT PRIMARY KEY,           -- S/2026-01-10, ingest/2026-01-10T09
    class          TEXT NOT NULL CHECK (class IN ('ingest', 'api', 'absent', 'S', 'L', 'backup', 'evidence')),
    starts_at      TEXT NOT NULL,
    mask_at        TEXT,                       -- where what it seals outlives the masking
    mask_because   TEXT,
    mask_article   TEXT,
    delete_at      TEXT NOT NULL,
    delete_because TEXT NOT NULL,
    delete_article TEXT NOT NULL,
    noted_mark     TEXT NOT NULL,              -- the mark of the clock when the period was first used (RET-9)
    masked_at      TEXT,
    ending_at      TEXT,                       -- the sweep took it out of use and goes on until it has ended
    ended_at       TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX key_period_due ON key_period (delete_at) WHERE ended_at IS NULL;

CREATE TABLE clearing (                        -- periods out of use, until all that they leave is gone
    period TEXT NOT NULL,
    what   TEXT NOT NULL CHECK (what IN ('mask', 'delete')),
    keys_ended_at TEXT,                        -- null until the keys are destroyed
    counts TEXT NOT NULL,                      -- rows that went so far, by kind, as JSON
    PRIMARY KEY (period, what)
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_mark (                      -- the moment that has certainly come (RET-9)
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    mark TEXT NOT NULL
) STRICT;

CREATE TABLE clock_anchor (
    boot    TEXT PRIMARY KEY,                  -- one start of one machine
    seconds INTEGER NOT NULL,                  -- its count when it was first met, rounded up
    mark    TEXT NOT NULL                      -- the mark then
) STRICT, WITHOUT ROWID;

CREATE TABLE sweep_state (
    one       INTEGER PRIMARY KEY CHECK (one = 1),
    begun_at  TEXT NOT NULL,
    done_at   TEXT,                            -- the last sweep that came to its end
    fault     TEXT NOT NULL                    -- of the last one; '' where it ended well
) STRICT;

CREATE TABLE stream_number (                   -- streams are queues of units and topics of notices
    stream TEXT PRIMARY KEY,                   -- hits:<unit>, or the topic
    last   INTEGER NOT NULL,                   -- number of its newest event, also where that is gone
    told   INTEGER NOT NULL DEFAULT 0          -- at least so far the broker has it: a broker forgets what is idle for a week
) STRICT, WITHOUT ROWID;

CREATE TABLE notice (                          -- what a broker is to be told, where there is one
    row   INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    key   TEXT NOT NULL,                       -- of the partition: what comes of one key comes in its order
    at    TEXT NOT NULL,
    body  TEXT NOT NULL,                       -- CloudEvent
    seq   INTEGER,                             -- null until the relay numbers it
    UNIQUE (topic, seq)
) STRICT;
CREATE INDEX notice_waiting ON notice (topic) WHERE seq IS NULL;

CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE kept_act (                        -- acts of the ledger (`stores.act_ledger`) that this database has done
    act_id TEXT PRIMARY KEY,
    at     TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE restored (                        -- says that this state came back from a backup
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    made_at     TEXT NOT NULL,
    restored_at TEXT NOT NULL,
    lost        INTEGER,                       -- entries that a witness saw and the log lacks; null where none was asked
    accepted_by TEXT NOT NULL
) STRICT;

CREATE TABLE duty (                            -- what is to be done daily (`pnr daily`)
    name    TEXT PRIMARY KEY,
    done_at TEXT,                              -- the last time that it came to its end
    fault   TEXT NOT NULL                      -- of the last time; '' where it ended well
) STRICT, WITHOUT ROWID;

CREATE TABLE suspension (                      -- people of the staff file who may do nothing until it ends
    person   TEXT PRIMARY KEY,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    case_ref TEXT NOT NULL,
    ended_at TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_entry (
    row  INTEGER PRIMARY KEY AUTOINCREMENT,
    at   TEXT NOT NULL,
    body TEXT NOT NULL,                        -- canonical entry; never a name (LOG-6)
    seq  INTEGER UNIQUE                        -- null until the log's publisher numbers it
) STRICT;

CREATE TABLE message (
    message_id   TEXT PRIMARY KEY,
    kind         TEXT NOT NULL,
    leg_id       TEXT REFERENCES leg,
    committed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_of_leg ON message (leg_id);

CREATE TABLE finding_count (
    message_id TEXT NOT NULL,
    carrier    TEXT NOT NULL,                  -- '' where the message tells none
    rule       TEXT NOT NULL,
    severity   TEXT NOT NULL CHECK (severity IN ('E', 'W', 'I')),
    number     INTEGER NOT NULL,
    PRIMARY KEY (message_id, rule, severity)
) STRICT, WITHOUT ROWID;

CREATE TABLE feed_message (
    message_id TEXT PRIMARY KEY,
    day        TEXT NOT NULL,                  -- local day of departure, else day of receipt
    resends    INTEGER NOT NULL DEFAULT 0,     -- how often the same bytes came again
    told       TEXT NOT NULL                   -- FeedMessage as JSON: flight, times, counts
) STRICT, WITHOUT ROWID;
CREATE INDEX feed_message_by_day ON feed_message (day);

CREATE TABLE element_count (
    message_id TEXT NOT NULL REFERENCES feed_message,
    element    TEXT NOT NULL,
    told       INTEGER NOT NULL,
    missing    INTEGER NOT NULL,
    PRIMARY KEY (message_id, element)
) STRICT, WITHOUT ROWID;

-- `item` is here and below the hash of a file's name: carriers choose it, and may name a traveller in it.
CREATE TABLE receipt (
    source       TEXT NOT NULL,
    item         TEXT NOT NULL,
    digest       TEXT NOT NULL,
    committed_at TEXT NOT NULL,
    body         TEXT NOT NULL,                -- Receipt as JSON
    PRIMARY KEY (source, item, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_position (
    source       TEXT PRIMARY KEY,
    item         TEXT NOT NULL,
    digest       TEXT NOT NULL,
    committed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE log_position (                    -- where reading goes on, in each partition of a topic
    log          TEXT PRIMARY KEY,             -- topic, its identity, partition
    next         INTEGER NOT NULL,             -- the first offset that is not committed
    committed_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attempt (
    source TEXT NOT NULL,
    item   TEXT NOT NULL,
    digest TEXT NOT NULL,
    count  INTEGER NOT NULL,
    at     TEXT NOT NULL,
    PRIMARY KEY (source, item, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letter (
    dead_id     TEXT PRIMARY KEY,
    message_id  TEXT NOT NULL,
    source      TEXT NOT NULL,
    name        BLOB NOT NULL,                 -- of the file, sealed: carriers choose it
    reason      TEXT NOT NULL,
    findings    TEXT NOT NULL,                 -- rule, severity, byte offset; never a value
    received_at TEXT NOT NULL,
    expires_at  TEXT NOT NULL,
    replayed_at TEXT,
    period      TEXT NOT NULL,
    sealed      BLOB NOT NULL,
    basis INTEGER NOT NULL REFERENCES basis
) STRICT;
CREATE INDEX dead_letter_of_message ON dead_letter (message_id);
