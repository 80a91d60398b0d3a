import PostgresClient
import RollcallTestSupport
import Testing

struct PostgresQuotingTests {
    @Test(arguments: [
        ("leads", #""leads""#), ("Order", #""Order""#), ("a.b", #""a.b""#), (#"say "hi""#, #""say ""hi""""#),
        ("Ώρα", #""Ώρα""#),
    ])
    func anIdentifierIsTakenExactly(name: String, quoted: String) throws {
        #expect(try PostgresQuoting.identifier(name) == quoted)
    }

    @Test(arguments: [
        ("leads", #""leads""#), ("crm.Leads", #""crm"."Leads""#), (#"crm."leads.2025""#, #""crm"."leads.2025""#),
        (#""a""b".c"#, #""a""b"."c""#),
    ])
    func aQualifiedNameIsQuotedPartByPart(name: String, quoted: String) throws {
        #expect(try PostgresQuoting.qualifiedName(name) == quoted)
    }

    @Test(arguments: ["", ".", "a.", ".b", "a..b", #""a"#, #""a"b"#, "a\0b"])
    func aNameThatCannotBeIsRefused(name: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresQuoting.qualifiedName(name) }
        #expect(error?.kind == .misuse)
    }

    @Test func theServerReadsAQuotedNameAsTheNameItWas() async throws {
        let connection = try await testConnection()
        let name = #"it's "a" \ table; $1 ü"#
        try await connection.query("CREATE TABLE \(PostgresQuoting.identifier(name)) (id int)")
        let found = try await connection.query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        #expect(found.map { $0[0] } == [name])
    }
}
