import GenesysCloud
import HTTPTestSupport
import Synchronization
import Testing

@Suite struct ExportTests {
    private struct Enough: Error {}

    private static let path = "/api/v2/outbound/contactlists/L/export"
    private static let none = Reply(404, #"{"code":"no.available.list.export.uri"}"#)

    private static func export(_ uri: String, at time: String) -> Reply {
        Reply(200, #"{"uri":"\#(uri)","exportTimestamp":"2026-01-01T00:00:\#(time).000Z"}"#)
    }

    @Test func theFileArrivesOnceTheExportIsReady() async throws {
        let file = [UInt8](repeating: 0x61, count: 1_000_000)
        let genesys = try FakeGenesys { number, request in
            switch number {
            case 0, 2, 3: Self.none
            case 1: Reply(200, #"{"id":"x"}"#)
            case 4:
                Self.export("http://\(request.headers["host"] ?? "")/api/v2/downloads/d1", at: "07")
            default: Reply(200, body: file)
            }
        }
        let clock = TestClock(jumps: true)
        let received = Received()
        try await genesys.client(clock: clock).exportContacts(listID: "L", into: received.take)
        #expect(received.bytes == file)
        #expect(
            genesys.calls.map { "\($0.method) \($0.target)" } == [
                "GET \(Self.path)", "POST \(Self.path)", "GET \(Self.path)", "GET \(Self.path)", "GET \(Self.path)",
                "GET /api/v2/downloads/d1",
            ]
        )
        #expect(genesys.calls.allSatisfy { $0.headers["authorization"] == "Bearer token-1" })
        #expect(clock.sleeps == [1, 2, 3].map { .seconds($0) })
    }

    /// The service goes on answering with the export of another day.
    @Test func anEarlierExportIsNotTakenForTheNewOne() async throws {
        let genesys = try FakeGenesys(
            Self.export("/api/v2/downloads/old", at: "01"),
            Reply(200, "{}"),
            Self.export("/api/v2/downloads/old", at: "01"),
            Self.none,
            Self.export("/api/v2/downloads/old-again", at: "01"),
            Self.export("/api/v2/downloads/new", at: "02"),
            Reply(200, "new")
        )
        let received = Received()
        try await genesys.client().exportContacts(listID: "L", into: received.take)
        #expect(received.bytes == Array("new".utf8))
        #expect(genesys.calls.last?.target == "/api/v2/downloads/new")
    }

    @Test func withoutTimesTheAddressTellsExportsApart() async throws {
        let genesys = try FakeGenesys(
            Reply(200, #"{"uri":"/old"}"#),
            Reply(200, "{}"),
            Reply(200, #"{"uri":"/old"}"#),
            Reply(200, #"{"uri":"/new"}"#),
            Reply(200, "new")
        )
        try await genesys.client().exportContacts(listID: "L") { _ in }
        #expect(genesys.calls.last?.target == "/new")
    }

    @Test func anExportThatNeverComesIsGivenUpAfterHalfAnHour() async throws {
        let genesys = try FakeGenesys { number, _ in number == 1 ? Reply(200, "{}") : Self.none }
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        let error = try await failure { try await client.exportContacts(listID: "L") { _ in } }
        #expect(error.kind == .unavailable)
        #expect(error.description.contains("exporting the contacts of the list L: "))
        #expect((.seconds(1_800)...(.seconds(1_805))).contains(clock.now.offset))
    }

    @Test func aListThatIsNotThereIsNotWaitedFor() async throws {
        let genesys = try FakeGenesys(Reply(404, #"{"code":"contact.list.not.found"}"#))
        let client = try genesys.client()
        let error = try await failure { try await client.exportContacts(listID: "L") { _ in } }
        #expect(error.kind == .notFound)
        #expect(genesys.calls.count == 1)
    }

    @Test func aMissingPermissionIsNamed() async throws {
        let body = #"{"code":"missing.permissions","message":"[outbound:contact:view, outbound:contactList:view]"}"#
        let genesys = try FakeGenesys(Self.none, Reply(403, body))
        let client = try genesys.client()
        let error = try await failure { try await client.exportContacts(listID: "L") { _ in } }
        #expect(error.missingPermissions == ["outbound:contact:view", "outbound:contactList:view"])
    }

    @Test(arguments: ["{}", "[]", "<html>"])
    func anAnswerWithoutAnAddressIsUnexpected(body: String) async throws {
        let genesys = try FakeGenesys(Reply(200, body))
        let client = try genesys.client()
        let error = try await failure { try await client.exportContacts(listID: "L") { _ in } }
        #expect(error.kind == .unexpectedAnswer)
    }

    @Test func anotherHostDoesNotGetTheToken() async throws {
        let store = try ScriptedServer(Reply(200, "file"))
        let genesys = try FakeGenesys(Self.none, Reply(200, "{}"), Self.export("\(store.url)/f?signature=1", at: "01"))
        let received = Received()
        try await genesys.client().exportContacts(listID: "L", into: received.take)
        #expect(received.bytes == Array("file".utf8))
        #expect(store.requests.map(\.target) == ["/f?signature=1"])
        #expect(store.requests.first?.headers["authorization"] == nil)
    }

    @Test func aRedirectToAnotherHostDoesNotTakeTheTokenThere() async throws {
        let store = try ScriptedServer(Reply(200, "file"))
        let genesys = try FakeGenesys(
            Self.none,
            Reply(200, "{}"),
            Self.export("/api/v2/downloads/d", at: "01"),
            Reply(302, headers: [("Location", "\(store.url)/f")])
        )
        let received = Received()
        try await genesys.client().exportContacts(listID: "L", into: received.take)
        #expect(received.bytes == Array("file".utf8))
        #expect(genesys.calls.last?.headers["authorization"] == "Bearer token-1")
        #expect(store.requests.count == 1)
        #expect(store.requests.first?.headers["authorization"] == nil)
    }

    @Test func aTokenRefusedAtTheDownloadIsRenewedOnce() async throws {
        let genesys = try FakeGenesys(
            Self.none,
            Reply(200, "{}"),
            Self.export("/api/v2/downloads/d", at: "01"),
            Reply(401),
            Reply(200, "file")
        )
        let received = Received()
        try await genesys.client().exportContacts(listID: "L", into: received.take)
        #expect(received.bytes == Array("file".utf8))
        #expect(genesys.calls.suffix(2).map { $0.headers["authorization"] } == ["Bearer token-1", "Bearer token-2"])
    }

    @Test func aDownloadIsRepeatedAsLongAsNothingOfItCame() async throws {
        let genesys = try FakeGenesys(
            Self.none,
            Reply(200, "{}"),
            Self.export("/api/v2/downloads/d", at: "01"),
            Reply(503, "busy"),
            .cut,
            Reply(429, headers: [("Retry-After", "1")]),
            Reply(200, "file")
        )
        let received = Received()
        try await genesys.client().exportContacts(listID: "L", into: received.take)
        #expect(received.bytes == Array("file".utf8))
        #expect(genesys.calls.count == 7)
    }

    @Test func aDownloadThatBreaksOffIsNotBegunAgain() async throws {
        let genesys = try FakeGenesys(
            Self.none,
            Reply(200, "{}"),
            Self.export("/api/v2/downloads/d", at: "01"),
            .cutInBody(of: "12345678")
        )
        let received = Received()
        let client = try genesys.client()
        let error = try await failure { try await client.exportContacts(listID: "L", into: received.take) }
        #expect(error.kind == .transport)
        #expect(received.bytes == Array("1234".utf8))
        #expect(genesys.calls.count == 4)
    }

    @Test func whatTheReceiverThrowsIsThrown() async throws {
        let genesys = try FakeGenesys(
            Self.none,
            Reply(200, "{}"),
            Self.export("/api/v2/downloads/d", at: "01"),
            Reply(200, "file")
        )
        let client = try genesys.client()
        await #expect(throws: Enough.self) {
            try await client.exportContacts(listID: "L") { _ in throw Enough() }
        }
        #expect(genesys.calls.count == 4)
    }

    /// The download takes a place in the rate limit's window, but not until its end.
    @Test func aLongDownloadDoesNotHoldUpOtherRequests() async throws {
        let limits = [("inin-ratelimit-allowed", "5"), ("inin-ratelimit-reset", "60")]
        let genesys = try FakeGenesys { number, request in
            let headers = limits + [("inin-ratelimit-count", "\(number + 1)")]
            switch number {
            case 0: return Self.none
            case 1: return Reply(200, headers: headers, "{}")
            case 2:
                return Reply(200, headers: headers, #"{"uri":"/api/v2/downloads/d","exportTimestamp":"1"}"#)
            case 3: return .silenceInBody(of: "12345678")
            default: return Reply(200, headers: headers, "{}")
            }
        }
        let clock = TestClock(jumps: true)
        let client = try genesys.client(clock: clock)
        let (started, start) = AsyncStream<Void>.makeStream()
        let export = Task { try await client.exportContacts(listID: "L") { _ in start.finish() } }
        for await _ in started {}
        for _ in 0..<2 {
            _ = try await client.currentToken()
        }
        export.cancel()
        await #expect(throws: CancellationError.self) { try await export.value }
        #expect(clock.sleeps == [.seconds(1), .seconds(60)])
    }
}

/// Keeps the bytes of a download.
private final class Received: Sendable {
    private let kept = Mutex<[UInt8]>([])

    var bytes: [UInt8] { kept.withLock { $0 } }

    var take: @Sendable (Span<UInt8>) -> Void {
        { piece in
            self.kept.withLock { kept in
                for index in piece.indices {
                    kept.append(piece[index])
                }
            }
        }
    }
}
