-- A CRM of :rows leads: several countries, quotes, commas, line breaks, Greek, emoji and NULLs. The same rows every time.
CREATE SCHEMA IF NOT EXISTS crm;
CREATE TYPE crm.lead_status AS ENUM ('new', 'open', 'closed');

CREATE TABLE crm.leads (
    id bigint PRIMARY KEY,
    first_name text,
    last_name text,
    company text,
    phone text,
    email text,
    country text NOT NULL,
    zip text,
    status crm.lead_status NOT NULL,
    consent boolean NOT NULL,
    score numeric(6, 2),
    updated_at timestamptz NOT NULL
);

INSERT INTO crm.leads
SELECT
    id,
    first_names[1 + (id * 7) % 10],
    CASE WHEN id % 23 = 0 THEN NULL ELSE last_names[1 + (id * 11) % 10] END,
    companies[1 + (id * 13) % 8],
    CASE WHEN id % 37 = 0 THEN NULL ELSE prefixes[1 + id % 5] || lpad((2000000 + (id * 7919) % 7999999)::text, 8, '6') END,
    CASE WHEN id % 5 = 0 THEN NULL ELSE 'lead' || id || '@example.' || (ARRAY['com', 'gr', 'de'])[1 + id % 3] END,
    countries[1 + id % 5],
    CASE WHEN id % 6 = 0 THEN '' ELSE lpad(((id * 31) % 99999)::text, 5, '0') END,
    (ARRAY['new', 'open', 'closed'])[1 + (id * 17) % 3]::crm.lead_status,
    id % 8 <> 0,
    CASE WHEN id % 9 = 0 THEN NULL ELSE ((id * 37) % 100000) / 100.0 END,
    -- Changed in another order than made, as in a CRM: so reading them in the order of changes is not reading them as they lie.
    timestamptz '2026-01-01 00:00:00+00' + (id * 7919) % :rows * interval '37.000001 seconds'
FROM
    generate_series(1::bigint, :rows) AS id,
    (SELECT
        ARRAY['Ada', 'Γιώργος', 'Zoë', 'Mary Ann', 'Søren', 'José', 'Ελένη', 'Ng', 'Βασίλης', 'Jean-Luc'] AS first_names,
        ARRAY['Lovelace', 'Παπαδόπουλος', 'O''Brien', 'Müller', 'van der "Meer"', 'García, Jr.', 'Κωνσταντίνου', 'Smith',
              'Ångström', '李'] AS last_names,
        ARRAY['Example & Sons', E'Two\nLines Ltd', 'Comma, Inc.', 'Tab' || E'\t' || 'Co', '"Quoted" GmbH', '🚀 Rockets', NULL,
              'Back\slash'] AS companies,
        ARRAY['+3021', '+4930', '+3531', '+331', '+4420'] AS prefixes,
        ARRAY['GR', 'DE', 'IE', 'FR', 'GB'] AS countries) AS words;

CREATE INDEX ON crm.leads (updated_at, id);
ANALYZE crm.leads;
