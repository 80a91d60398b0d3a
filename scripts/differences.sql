-- Compares the contacts on standard input, a line of JSON each, with what scripts/leads.sql and pipelines/crm-leads.yaml make of
-- the CRM, and says how many differ. Postgres reads the contacts itself: Rollcall has no part in it.
CREATE TEMP TABLE contact (body jsonb);
\copy contact FROM pstdin WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP VIEW actual AS SELECT body ->> 'id' AS id, body -> 'data' AS data FROM contact;
CREATE TEMP VIEW expected AS
SELECT id::text AS id, jsonb_build_object(
    'LeadId', id::text,
    'FullName', trim(BOTH ' ' FROM coalesce(first_name, '') || ' ' || coalesce(last_name, '')),
    'Company', coalesce(company, ''), 'Phone', coalesce(phone, ''), 'Email', coalesce(email, ''),
    'ZipCode', coalesce(zip, ''), 'Country', country, 'Score', coalesce(score::text, '')) AS data
FROM crm.leads WHERE consent AND status <> 'closed';
SELECT 'expected ' || (SELECT count(*) FROM expected) || ' contacts, found ' || (SELECT count(*) FROM actual)
    || ', different ' || (SELECT count(*) FROM expected FULL JOIN actual USING (id, data) WHERE expected.id IS NULL OR actual.id IS NULL);
