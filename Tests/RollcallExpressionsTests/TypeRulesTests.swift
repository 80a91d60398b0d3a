import RollcallCore
import RollcallTestSupport
import Testing

@testable import RollcallExpressions

private let columns: [Schema.Column] = [
    .init("flag"), .init("age"), .init("Zip Code"), .init("yes", .boolean), .init("n", .integer), .init("d", .decimal),
    .init("born", .date), .init("at", .timestamp), .init("j", .json),
]

private func message(_ sql: String, isCondition: Bool = true) throws -> String {
    let expression = Expression(
        Located(sql, at: SourceLocation(file: "p.yaml", line: 7)),
        title: "`where`",
        isCondition: isCondition
    )
    do {
        try expression.check(try Schema(columns))
        return ""
    } catch let error as RollcallError {
        return error.description
    }
}

/// What the types of columns show to be meant otherwise is refused, and what comes near it is not.
@Suite struct TypeRulesTests {
    @Test(arguments: [
        "NOT flag", "not FLAG", "flag", "(flag)", "((flag))", "NOT (flag)", "flag AND n > 1", "n > 1 OR flag",
        "(flag OR yes)",
        "yes AND NOT flag AND n", "batch.flag", "NOT \"flag\"", "NOT [flag]", "NOT `flag`",
        "n BETWEEN 1 AND 2 AND flag",
        "flag AND n BETWEEN 1 AND 2", "CASE WHEN n = 1 AND flag THEN 1 END", "CASE WHEN flag THEN 1 END",
        "iif(flag, 1, 0)", "iif(NOT flag, 1, 0)", "coalesce(flag OR yes, 1)", "CASE n WHEN 1 THEN 1 ELSE NOT flag END",
        "yes /* AND */ AND /* x */\n flag", "upper(flag) AND yes", "NOT lower(flag)", "NOT coalesce(flag, false)",
        "NOT trim(coalesce(flag, 'false'))", "coalesce(flag, 'x')", "NOT ifnull(yes, 'true')", "flag IS NOT true",
        "true <> flag",
        "upper(flag) IS true", "flag IN (true)", "flag || 'x' OR yes",
    ])
    func textIsNoCondition(_ sql: String) throws {
        let told = try message(sql)
        #expect(
            told.contains("is text, and no condition") || told.contains("gives text, which is no")
                || told.contains("nor false"),
            "\(sql): \(told)"
        )
        #expect(told.contains("compare it: `") || told.contains("or compare it with text: `"), "\(told)")
    }

    @Test(arguments: ["NOT born", "j AND yes", "at"])
    func aDateAndADocumentAreNoConditions(_ sql: String) throws {
        let told = try message(sql)
        #expect(told.contains("and no condition"), "\(told)")
        #expect(told.contains("IS NOT NULL`"), "\(told)")
    }

    @Test(arguments: [
        "yes", "NOT yes", "n", "d AND n", "NOT flag = 'b'", "flag = 'a' AND age = 'b'",
        "flag IN ('a') OR age IN (flag)",
        "flag BETWEEN flag AND age", "yes AND flag BETWEEN age AND flag", "flag NOT BETWEEN 'a' AND age AND yes",
        "flag IS NULL AND yes", "flag IS NOT NULL", "yes AND flag IS NOT age", "flag NOT NULL AND yes",
        "flag ISNULL OR yes",
        "yes AND flag LIKE 'x' OR flag NOT LIKE age", "upper(flag) = 'A' AND yes", "flag || age = 'x' AND yes",
        "CASE flag WHEN 'a' THEN flag ELSE age END = 'x'", "CASE WHEN yes AND n THEN flag ELSE age END = 'x'",
        "iif(yes, flag, age) = 'a'", "coalesce(flag, age) IS NOT NULL", "flag COLLATE NOCASE = 'x' OR yes",
        "'NOT flag' = flag", "yes /* AND flag */ AND n",
        "(flag, age) = ('a', 'b') AND yes",
        "flag IS NOT DISTINCT FROM age AND yes",
    ])
    func whatOnlyLooksLikeATextAsConditionIsAllowed(_ sql: String) throws {
        #expect(try message(sql) == "", "\(sql)")
    }

    @Test func aTextIsAValueOfAColumn() throws {
        #expect(try message("flag", isCondition: false) == "")
        #expect(try message("(flag)", isCondition: false) == "")
        #expect(try message("NOT flag", isCondition: false).contains("flag is text"))
    }

    @Test(arguments: [
        "yes = 'true'", "yes == 'f'", "yes <> 'true'", "yes != 'true'", "'true' <> yes", "yes IS 'true'",
        "yes IS NOT 'true'",
        "yes IN ('true')", "yes NOT IN ('x', 'true')", "yes IN ('1', 'true')", "(yes) = ('true')", "NOT yes = 'true'",
        "n = 1 AND yes = 'true' OR n", "CASE yes WHEN 'true' THEN 1 END",
        "CASE yes WHEN 1 THEN 1 WHEN 'false' THEN 0 END",
        "iif(yes = 'true', 1, 0)", "yes = ''", "yes IS NOT DISTINCT FROM 'true'", "coalesce(yes, 'x') = 'true'",
        "upper(yes) <> 'TRUE'",
        "CAST(yes AS TEXT) <> 'false'", "trim(yes) IN ('true')", "yes NOT LIKE 't%'", "yes <> flag", "flag = yes",
        "yes = upper(flag)",
    ])
    func aBooleanIsNeverEqualToText(_ sql: String) throws {
        let told = try message(sql)
        #expect(told.contains("yes is a boolean, which is never equal to text"), "\(sql): \(told)")
        #expect(told.contains("write `yes`, `NOT yes` or `yes = true`"), "\(told)")
    }

    @Test(arguments: [
        "yes = true", "yes = 1", "yes = '1'", "yes IN ('0', '1')", "yes IN (1, 0)", "yes || '' = '1'",
        "'x' || yes = 'x1'",
        "yes IS NOT TRUE", "yes IS NULL", "iif(yes, 'true', 'false') = 'true'",
        "CASE WHEN yes THEN 'true' END = 'true'",
        "flag = 'true' AND yes", "yes AND 'true' = flag", "coalesce(yes, false) = true", "upper(flag) = 'TRUE'",
        "n = '9'", "n IS NOT NULL",
        "CASE flag WHEN 'true' THEN yes END",
    ])
    func whatOnlyLooksLikeABooleanWithTextIsAllowed(_ sql: String) throws {
        #expect(try message(sql) == "", "\(sql)")
    }

    @Test(arguments: [
        "born < '31/12/2020'", "'31/12/2020' >= born", "born = ''", "born <> '2026-02-31'",
        "at BETWEEN '2020-01-01' AND 'now'",
        "at BETWEEN '01.01.2020' AND '2021-01-01'", "born > 2020", "2020 < born", "born NOT BETWEEN 2019 AND 2020",
        "at > '2020-01-01T25:00'", "at > '2020-01-01 12:60'", "at IN ('2020-01-01', '1/1/2020')", "born > 'Infinity'",
        "at > '2020-01-01T24:01'", "at = '2020-01-01T10:00:00+2'", "born > '2020'", "at >= (-1)",
        "CASE born WHEN '1.1.2020' THEN 1 END", "born > 2026-01-30", "born < length(flag)",
    ])
    func aDateIsComparedWithDatesOnly(_ sql: String) throws {
        let told = try message(sql)
        #expect(
            told.contains("this is no date that \(sql.contains("born") ? "born" : "at") could be compared"),
            "\(told)"
        )
        #expect(told.contains("write it as '2020-12-31'"), "\(told)")
    }

    @Test(arguments: [
        "born < '2020-12-31'", "at < 'infinity'", "at > '-infinity'", "born = '2024-02-29'",
        "at = '2020-01-01T24:00:00'",
        "at BETWEEN '2020-01-01' AND '2021-01-01 10:00+05:30'", "born < date('now')", "born || '' = '31/12/2020'",
        "strftime('%d/%m/%Y', born) = '31/12/2020'", "born LIKE '2020%'", "at = '2016-12-31T23:59:60Z'", "born > at",
        "born IS NULL", "flag < '31/12/2020'", "CAST(strftime('%Y', born) AS INTEGER) > 2020",
        "born IN ('2020-01-01', at)",
        "julianday(at) - julianday(born) > 5",
    ])
    func whatIsAMomentIsAllowed(_ sql: String) throws {
        #expect(try message(sql) == "", "\(sql)")
    }

    @Test(arguments: [
        "age > 9", "age <= -5", "9 < age", "-9.5 >= age", "age BETWEEN 1 AND 9", "age BETWEEN '1' AND 9", "(age) > (9)",
        "yes AND NOT age < 0x10", "age > .5", "age > 1e-3", "iif(age >= 18, 1, 0)", "age > length(flag)",
    ])
    func textIsNotOrderedAgainstNumbers(_ sql: String) throws {
        let told = try message(sql)
        #expect(told.contains("letter by letter"), "\(sql): \(told)")
        #expect(told.contains("CAST(") && told.contains(" AS INTEGER)"), "\(told)")
    }

    @Test(arguments: [
        "coalesce(age, 0) > 8", "8 <= ifnull(age, -1)", "yes AND coalesce(age, flag, 0) BETWEEN 1 AND 5",
        "trim(age) > 5", "substr(age, 1, 4) >= 3000", "strftime('%Y', born) >= 2027", "split_part(flag, ',', 1) = 2020",
        "upper(flag) IN (1)",
    ])
    func textOrANumberIsNotOrderedAgainstNumbers(_ sql: String) throws {
        let told = try message(sql)
        #expect(told.contains("is text, which is greater than every number"), "\(sql): \(told)")
    }

    @Test(arguments: [
        ("n <> 'closed'", "n is a number, which is never equal to this text"),
        ("coalesce(n, 0) <> '9'", "is a number, which is never"),
        ("j ->> '$.o' IS NOT true", "may be true, which is 1 here"),
        ("NOT coalesce(j ->> '$.o', false)", "may be true, which is 1 here"),
        ("coalesce(j ->> '$.o', 'false') <> 'true'", "may be true"),
        ("julianday('now') - born > 30", "computes as with its year"),
        ("at + 1 > born", "computes as with its year"),
        ("coalesce(at, '2020-01-01') > '2026-02-01'", "letter by letter"),
        ("max(at, born) > '2026-02-01'", "letter by letter"),
        ("iif(yes, at, born) > '2026-02-01'", "letter by letter"),
        ("CASE WHEN yes THEN at END > born", "letter by letter"),
        ("json_extract(j, '$.o') = 'true'", "may be true"), ("NOT j ->> '$.o'", "may be true"),
        ("coalesce(j ->> '$.o', 0)", "may be true"),
        ("NOT CAST(flag AS BOOLEAN)", "has no booleans"),
        ("yes -- GDPR AND NOT flag", "may take in what stands on the next lines"),
        ("n = 1 AND yes -- x\n", "may take in"), ("yes -- x\nAND n", "may take in"),
        ("coalesce(age, 0) <> 1", "equal to none"),
        ("1 NOT IN (coalesce(age, 0))", "equal to none"), ("iif(age IS NULL, 0, age) <> 1", "equal to none"),
        ("CASE coalesce(age, 0) WHEN 1 THEN 0 ELSE 1 END", "equal to none"),
        ("coalesce(age, 0) IS NOT 1", "equal to none"),
        ("NOT CAST(flag AS INTEGER)", "false for all text without a number"),
        ("yes AND CAST(trim(flag) AS INTEGER)", "false for all text without a number"),
        ("NOT (j -> '$.no')", "is JSON text"), ("j -> '$.no' IS NOT true", "is JSON text"),
        ("NOT coalesce(j -> '$.no', false)", "is JSON text"), ("iif(j -> '$.no', 0, 1)", "is JSON text"),
        ("lower(j ->> '$.no') <> 'true'", "may be true"), ("CAST(j ->> '$.no' AS TEXT) <> 'true'", "may be true"),
        ("coalesce(lower(j ->> '$.no'), 'false') <> 'true'", "may be true"),
        ("lower(yes) NOT LIKE 't%'", "yes is a boolean"),
        ("coalesce(yes, 'false') NOT LIKE 'true'", "yes is a boolean"),
        ("instr(coalesce(yes, ''), 'true') = 0", "yes is a boolean"),
        ("NOT regexp_like(yes, '^t', 'i')", "yes is a boolean"),
        ("NOT CASE WHEN age = 'GR' THEN flag ELSE yes END", "gives text"),
        ("NOT iif(age = 'GR', flag, yes)", "gives text"),
        ("NOT CASE age WHEN 'closed' THEN 'true' WHEN 'open' THEN 'false' END", "gives text"),
        ("coalesce(yes, 'false') = 'false'", "yes is a boolean"), ("date(at) = '2026-01'", "no date that"),
        ("18 < n < 65", "the comparison before it"), ("yes AND 18 <= abs(n) <= 65", "the comparison before it"),
        ("CASE WHEN d > n > 1 THEN 1 END = 1", "the comparison before it"),
        ("date(at) > '31/01/2026'", "no date that date(at) could be compared with"),
        ("'in 2026' <= datetime(at)", "no date that"), ("date(born) = ''", "no date that"),
        ("at > date('now') - 30", "computes as with its year"),
        ("date('now') - date(at) > 30", "computes as with its year"),
        ("(date(at)) + 30 > date('now')", "computes as with its year"),
        ("30 * parse_date(flag, 'dd.MM.yyyy') > 1", "computes as with its year"),
    ])
    func whatNeverMeansWhatItSaysIsRefused(_ sql: String, _ words: String) throws {
        let told = try message(sql)
        #expect(told.contains(words), "\(sql): \(told)")
    }

    @Test(arguments: [
        "iif(at IS NULL, 1, 0) = 1", "CASE WHEN at IS NULL THEN 'never' ELSE 'called' END <> 'called'",
        "coalesce(julianday('now') - julianday(at), 999) > 7", "coalesce(at < '2026-01-01', 1) = 1",
        "coalesce(date(at), '1970-01-01') < date('now', '-7 days')", "CASE WHEN at IS NULL THEN n ELSE 0 END < 3",
        "coalesce(born, '1970-01-01') < '2000-01-01'", "ifnull(strftime('%Y', born), '') = '1990'",
        "regexp_like(j ->> '$.email', '@')", "(j ->> '$.kind' = 'lead') IS NOT true",
        "coalesce(j ->> '$.age' > 18, false)",
        "iif(j ->> '$.kind' = 'lead', yes, false)", "CASE WHEN j ->> '$.kind' = 'lead' THEN 1 ELSE 0 END",
        "CAST(j ->> '$.age' AS INTEGER) AND yes", "j ->> '$.gender' = 'f'", "j ->> '$.answer' IN ('yes', 'maybe')",
        "j -> '$.consent' = 'true'", "json_extract(j, '$.status') NOT IN ('t', 'closed')", "age > CAST(18 AS INTEGER)",
        "CAST(age AS INTEGER) = '18'", "CAST(age AS INTEGER) > '18'",
        "j ->> '$.o' IN (1, 'true')", "j ->> '$.name' = 'x'", "coalesce(at, born) IS NULL",
        "at IS NOT NULL AND max(n, d) > 4",
        "CASE WHEN at > '2026-01-01' THEN 1 ELSE 0 END", "coalesce(yes, false)", "NOT coalesce(yes, true)",
        "abs(n) NOT IN (9)",
        "date(at, '+30 days') > '2026-01-01'", "coalesce(flag, '') <> ''", "length(flag) + n > 3", "n * 2 > d",
        "flag = age || 'x'",
        "yes = (n > 3)", "(n > 3) = (d > 3)", "/* first */\nyes", "CAST(strftime('%Y', at) AS INTEGER) - n > 3", "true",
        "NOT false", "CASE WHEN age = 'GR' THEN 'eu' ELSE n END = 'eu'",
        "coalesce(CASE age WHEN 'GR' THEN 'x' END, 0) = 'x'",
        "coalesce(at, '') = ''", "ifnull(at, '') <> ''", "coalesce(at, 'never') = 'never'", "date(at) >= '2026-01'",
        "date(at) BETWEEN '2025' AND '2027'", "datetime(at) >= '2026-01-31 08'", "NOT CAST(length(flag) AS INTEGER)",
        "CAST(regexp_like(flag, '^x') AS INTEGER)", "lower(flag) LIKE 't%'", "iif(yes, flag, age) LIKE 'x'",
        "j -> '$.consent' = 'true'", "iif(j ->> '$.kind' = 'lead', 'true', 'false') = 'true'",
        "CAST(flag AS INTEGER) <> 0", "NOT CAST(n AS INTEGER)", "n > 1 AND n < 9", "(n > 3) = (n < 9)",
        "n < 3 OR n > (d < 4)", "n BETWEEN 1 AND 5 AND d < 9", "n < 4 = d < 4", "date(at) > '2026-01-31'",
        "datetime(at) > '2026-01-31 08:00:00'", "coalesce(date(at), '') = ''", "strftime('%H:%M', at) > '08:00'",
        "julianday('now') - julianday(date(at)) > 30", "date('now', '-' || n || ' days') > date(at)",
    ])
    func whatMeansWhatItSaysIsAllowed(_ sql: String) throws {
        #expect(try message(sql) == "", "\(sql)")
    }

    @Test(arguments: [
        "\"Zip Code\" = 10558", "age <> 5", "age IN (1, 2)", "age > '9'", "CAST(age AS INTEGER) > 9", "age + 0 > 9",
        "9 + age > 5", "length(age) > 9", "n > 9", "d BETWEEN 1 AND 9", "coalesce(n, 0) > 8", "coalesce(d, 0) > 8",
        "coalesce(age, '0') > '8'", "coalesce(CAST(age AS INTEGER), 0) > 8", "n - age > 5",
        "age IS 9", "instr(age, 1) > 9",
    ])
    func whatOnlyLooksLikeTextOrderedAgainstNumbersIsAllowed(_ sql: String) throws {
        #expect(try message(sql) == "", "\(sql)")
    }

    @Test func thePlaceIsPointedAt() throws {
        #expect(try message("yes\nAND NOT flag").contains("\n    AND NOT flag\n            ^"))
        #expect(
            try message("yes AND born < '31/12/2020'").contains(
                "\n    yes AND born < '31/12/2020'\n                   ^"
            )
        )
    }
}
