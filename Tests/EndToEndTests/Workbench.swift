import CurlHTTP
import Foundation
import PostgresClient
import RollcallTestSupport
import Testing

/// A CRM in Postgres, a state database, a simulator in a process of its own, and the program.
struct Workbench {
    let program: Program
    let crm: PostgresConnection
    let crmDatabase: PostgresConfiguration
    let stateDatabase: PostgresConfiguration
    /// A second connection to the state database, to look into it.
    let state: PostgresConnection
    private let simulator: Program.Running
    private let baseURL: String
    private let http: HTTPClient

    /// A simulator whose client may delete contacts, too.
    static let withDeletion = [
        "contact:add", "contact:edit", "contact:view", "contact:delete", "contactList:add", "contactList:view",
    ].flatMap { ["--permission", "outbound:\($0)"] }

    /// Makes everything, lets `body` use it, and takes it down again.
    ///
    /// The databases are new ones of the tests' server unless given.
    static func with(
        leads: Int,
        simulator options: [String] = [],
        crm: PostgresConfiguration? = nil,
        state: PostgresConfiguration? = nil,
        _ body: (Workbench) async throws -> Void
    ) async throws {
        await places.enter()
        let outcome: Result<Void, any Error>
        do {
            let crm = if let crm { crm } else { try await TestPostgres.database() }
            let state = if let state { state } else { try await TestPostgres.database() }
            let bench = try await Workbench(leads: leads, simulator: options, crm: crm, state: state)
            outcome = .success(try await use(bench, body))
        } catch {
            outcome = .failure(error)
        }
        await places.leave()
        try outcome.get()
    }

    /// A few at a time: each has processes of its own, and tests that look at time must not wait for each other's.
    private static let places = Places(4)

    private static func use(_ bench: Workbench, _ body: (Workbench) async throws -> Void) async throws {
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await body(bench))
        } catch {
            outcome = .failure(error)
        }
        bench.simulator.send(SIGTERM)
        _ = try await bench.simulator.output()
        await bench.http.shutdown()
        await bench.crm.close()
        await bench.state.close()
        try FileManager.default.removeItem(at: bench.program.folder)
        try outcome.get()
    }

    private init(
        leads: Int,
        simulator options: [String],
        crm crmDatabase: PostgresConfiguration,
        state stateDatabase: PostgresConfiguration
    ) async throws {
        self.crmDatabase = crmDatabase
        self.stateDatabase = stateDatabase
        crm = try await PostgresConnection.connect(crmDatabase)
        state = try await PostgresConnection.connect(stateDatabase)
        try await Self.fill(crm, leads: leads)
        var program = try Program(environment: [
            "CRM_DATABASE_URL": crmDatabase.connectionString, "ROLLCALL_DATABASE_URL": stateDatabase.connectionString,
            "GENESYSCLOUD_OAUTHCLIENT_ID": "rollcall-simulator",
            "GENESYSCLOUD_OAUTHCLIENT_SECRET": "rollcall-simulator-secret",
        ])
        let running = try program.start(["simulator", "--port", "0"] + options)
        var address: Substring?
        while address == nil, running.isRunning {
            address = running.outputSoFar().firstMatch(of: /http:\/\/[0-9.:]+/)?.output
            await Task.yield()
        }
        baseURL = String(try #require(address, "the simulator did not start"))
        simulator = running
        program.environment["GENESYSCLOUD_BASE_URL"] = baseURL
        self.program = program
        http = try HTTPClient()
    }

    /// The demo's table, from the demo's own script.
    private static func fill(_ crm: PostgresConnection, leads: Int) async throws {
        let script = try String(contentsOf: repository.appending(path: "scripts/leads.sql"), encoding: .utf8)
        try await crm.execute(script: script.replacing(":rows", with: "\(leads)"))
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    // MARK: - Pipelines

    /// Takes the filter out of the example.
    static let everyone = ["consent AND status <> 'closed'": "true"]

    /// A sink that fills the simulator's list `crm-leads`, for a file that says all else itself; lines may be added to it.
    static func sink(key: String = "LeadId") -> String {
        """
        sink:
          type: genesys_contact_list
          base_url: ${GENESYSCLOUD_BASE_URL}
          client_id: ${GENESYSCLOUD_OAUTHCLIENT_ID}
          client_secret: ${GENESYSCLOUD_OAUTHCLIENT_SECRET}
          list: crm-leads
          key: \(key)
          phone_columns: { Phone: cell }
        """
    }

    /// The example of the repository under another name, with lines added to its sink and at its top.
    func pipeline(
        _ name: String = "crm-leads",
        sink lines: [String] = [],
        replacing changes: [String: String] = [:],
        top rules: [String] = []
    ) throws -> String {
        let file = Self.repository.appending(path: "pipelines/crm-leads.yaml")
        var text = try String(contentsOf: file, encoding: .utf8)
            .replacing("name: crm-leads", with: "name: \(name)")
            .replacing("list: CRM leads", with: "list: \(name)")
        for (old, new) in changes {
            try #require(text.contains(old), "\(old)")
            text.replace(old, with: new)
        }
        // Lines are added to what is the file's end then: its sink.
        text.replace(/\ntests:(.|\n)*/, with: "\n")
        // Tests say themselves what becomes of contacts whose rows have left.
        text.replace(/(on_missing|sweep):.*\n/, with: "")
        let rules = rules.map { "\($0)\n" }.joined()
        return try program.write(rules + text + lines.map { "  \($0)\n" }.joined(), to: "\(name).yaml")
    }

    /// Runs a pipeline and returns its balance.
    func run(_ file: String) async throws -> [String: Int] {
        let output = try await program.run(["run", "--json", "--quiet", file])
        #expect(output.status == 0, "\(output.standardError)")
        return try output.json()["balance"] as? [String: Int] ?? [:]
    }

    // MARK: - What the simulator has

    func statistics() async throws -> [String: Any] {
        let answer = try await http.send(HTTPRequest(url: "\(baseURL)/simulator/statistics"))
        return try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any] ?? [:]
    }

    func statistic(_ name: String) async throws -> Int {
        try #require(try await statistics()[name] as? Int)
    }

    /// Requests that a `slow` fault has struck, answered or not.
    func requestsHeldUp() async throws -> Int {
        (try await statistics()["faults"] as? [String: Int])?["slow"] ?? 0
    }

    func setFaults(_ faults: String, seed: Int = 1) async throws {
        try await control("faults", .put, #"{"faults":[\#(faults)],"seed":\#(seed)}"#)
    }

    func setBehaviour(_ behaviour: String) async throws {
        try await control("behaviour", .put, behaviour)
    }

    /// Lets a campaign dial as many contacts of the list from its queue.
    func dial(_ count: Int, onList name: String = "crm-leads") async throws {
        try await control("lists/\(try await list(name))/dial", .post, #"{"count":\#(count)}"#)
    }

    /// Changes contacts of the list behind the program's back.
    func edit(_ edits: String, onList name: String = "crm-leads") async throws {
        try await control("lists/\(try await list(name))/edits", .post, edits)
    }

    /// The contacts of a list, as the simulator tells them.
    func contacts(onList name: String = "crm-leads") async throws -> [[String: Any]] {
        let answer = try await http.send(
            HTTPRequest(url: "\(baseURL)/simulator/lists/\(try await list(name))/contacts")
        )
        return try answer.body.split(separator: UInt8(ascii: "\n")).map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        }
    }

    /// The value of a column by the contact's id.
    func values(of column: String) async throws -> [String: String] {
        try await contacts().reduce(into: [:]) { values, contact in
            values[contact["id"] as? String ?? ""] = (contact["data"] as? [String: String])?[column]
        }
    }

    /// The ids of the contacts that nobody is to call.
    func uncallable() async throws -> Set<String> {
        Set(try await contacts().filter { $0["callable"] as? Bool == false }.compactMap { $0["id"] as? String })
    }

    /// Everything in the state database, as pg_dump writes it.
    func dumpOfState() async throws -> String {
        let dump = Process()
        dump.executableURL = URL(filePath: "/usr/bin/env")
        dump.arguments = ["pg_dump", "--inserts", "--dbname", stateDatabase.connectionString]
        let output = Pipe()
        dump.standardOutput = output
        try dump.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        dump.waitUntilExit()
        try #require(dump.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    func forgetEverything() async throws {
        try await control("reset", .post, "")
    }

    private func control(_ path: String, _ method: HTTPMethod, _ body: String) async throws {
        let answer = try await http.send(
            HTTPRequest(
                method: method,
                url: "\(baseURL)/simulator/\(path)",
                headers: ["Content-Type": "application/json"],
                body: Array(body.utf8)
            )
        )
        try #require((200...299).contains(answer.status), "\(String(decoding: answer.body, as: UTF8.self))")
    }

    /// The id of the list of this name.
    private func list(_ name: String) async throws -> String {
        struct Lists: Decodable {
            struct List: Decodable {
                let id: String
                let name: String
            }
            let lists: [List]
        }
        let answer = try await http.send(HTTPRequest(url: "\(baseURL)/simulator/lists"))
        let lists = try JSONDecoder().decode(Lists.self, from: Data(answer.body)).lists
        return try #require(lists.first { $0.name == name }, "there is no list \(name)").id
    }

    /// Rows that are on the list and should not be, or the other way round, found by Postgres and without the program's help.
    func differences(
        onList name: String = "crm-leads",
        expecting condition: String = "consent AND status <> 'closed'"
    ) async throws -> [String] {
        let contacts = try await http.send(
            HTTPRequest(url: "\(baseURL)/simulator/lists/\(try await list(name))/contacts")
        )
        // Not the bench's own connection, which a restart of the server may have cost.
        let crm = try await PostgresConnection.connect(crmDatabase)
        try await crm.execute(script: "DROP TABLE IF EXISTS contact; CREATE TABLE contact (body jsonb)")
        // No character of JSON is a delimiter or a quote for CSV like this: a line is a value.
        try await crm.copyIn(#"COPY contact FROM STDIN WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')"#) {
            try $0.write(contacts.body.span)
        }
        let rows = try await crm.query(
            """
            WITH actual AS (SELECT body ->> 'id' AS id, body -> 'data' AS data FROM contact),
            expected AS (
                SELECT id::text AS id, jsonb_build_object(
                    'LeadId', id::text,
                    'FullName', trim(BOTH ' ' FROM coalesce(first_name, '') || ' ' || coalesce(last_name, '')),
                    'Company', coalesce(company, ''), 'Phone', coalesce(phone, ''), 'Email', coalesce(email, ''),
                    'ZipCode', coalesce(zip, ''), 'Country', country, 'Score', coalesce(score::text, '')) AS data
                FROM crm.leads WHERE \(condition)
            )
            SELECT id, actual.id IS NULL AS is_missing FROM expected FULL JOIN actual USING (id, data)
            WHERE expected.id IS NULL OR actual.id IS NULL ORDER BY id LIMIT 20
            """
        )
        await crm.close()
        return rows.map { "\($0[0] ?? "?") \($0[1] == "t" ? "is missing or different" : "is not expected so")" }
    }
}

/// So many at a time, in the order in which they came.
private actor Places {
    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) { free = count }

    func enter() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    func leave() {
        guard !waiting.isEmpty else {
            free += 1
            return
        }
        waiting.removeFirst().resume()
    }
}
