import PostgresClient
import RollcallTestSupport
import Testing

struct PostgresConfigurationTests {
    @Test(arguments: [
        "postgres://eleni:s3cret@db.example.com:6543/crm?sslmode=verify-full&sslpassword=s3cret",
        "host=db.example.com port=6543 user=eleni password=s3cret dbname=crm options='-c a.b=s3cret'",
    ])
    func noFormOfTextShowsThePassword(conninfo: String) throws {
        let configuration = try PostgresConfiguration(conninfo)
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(text.contains("host=db.example.com port=6543 dbname=crm user=eleni"))
            #expect(!text.contains("s3cret"))
        }
    }

    @Test func aMalformedStringIsRefusedWithoutQuotingIt() throws {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration("postgres//eleni:s3cret@db/crm") }
        #expect(error?.kind == .configuration)
        #expect(error?.description.contains("s3cret") == false)
        #expect(error?.description.contains("postgres://user:password@host:5432/database") == true)
    }

    /// libpq would take the rest of such a password for the host, and tell that there is none.
    @Test func aURLWithABareAtInThePasswordIsRefusedWithoutQuotingIt() throws {
        let error = #expect(throws: PostgresError.self) {
            try PostgresConfiguration("postgres://eleni:s3@cr/et@db.example.com/crm")
        }
        #expect(error?.description.contains("%40") == true)
        #expect(error?.description.contains("cr/et") == false)
        _ = try PostgresConfiguration("postgres://eleni:s3%40cr%2Fet@db.example.com/crm?options=-c%20a.b%3D@")
    }

    @Test func whatTheUserGaveWinsOverTheDefaultsAndParametersWinOverAll() async throws {
        let database = try await TestPostgres.database()
        let plain = try await PostgresConnection.connect(database)
        #expect(try await plain.query("SHOW application_name").first?[0] == "rollcall")
        let connection = try await PostgresConnection.connect(
            database.with(["application_name": "nightly", "options": "-c statement_timeout=7s"])
        )
        #expect(try await connection.query("SHOW application_name").first?[0] == "nightly")
        #expect(try await connection.query("SHOW statement_timeout").first?[0] == "7s")
        #expect(try await connection.query("SHOW client_encoding").first?[0] == "UTF8")
    }
}
