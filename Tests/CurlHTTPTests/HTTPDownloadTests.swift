import CurlHTTP
import HTTPTestSupport
import Synchronization
import Testing

@Suite struct HTTPDownloadTests {
    private struct Enough: Error {}

    @Test func aBodyLargerThanAllowedArrivesWholeAndInOrder() async throws {
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let server = try ScriptedServer(Reply(200, headers: [("X-Reply", "yes")], body: body))
        let client = try HTTPClient(configuration: .init(maximumResponseBytes: 1_000))
        let pieces = Pieces()
        let answer = try await client.receive(HTTPRequest(url: server.url), pieces.receive)
        #expect(answer.status == 200)
        #expect(answer.headers["x-reply"] == "yes")
        #expect(answer.body.isEmpty)
        #expect(pieces.bytes == body)
        #expect(pieces.count > 10)
    }

    @Test func aCompressedBodyIsHandedOverUnpacked() async throws {
        // `printf 'hello hello hello hello' | gzip -n`
        let packed: [UInt8] = [
            0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0x01, 0xE3,
            0x51, 0x3D, 0x8D, 0x17, 0, 0, 0,
        ]
        let server = try ScriptedServer(Reply(200, headers: [("Content-Encoding", "gzip")], body: packed))
        let pieces = Pieces()
        _ = try await HTTPClient().receive(HTTPRequest(url: server.url), pieces.receive)
        #expect(String(decoding: pieces.bytes, as: UTF8.self) == "hello hello hello hello")
    }

    @Test(arguments: [404, 503])
    func theBodyOfAnErrorIsKeptAndNotHandedOver(status: Int) async throws {
        let server = try ScriptedServer(Reply(status, "why"))
        let pieces = Pieces()
        let answer = try await HTTPClient().receive(HTTPRequest(url: server.url), pieces.receive)
        #expect(answer.status == status)
        #expect(answer.body == Array("why".utf8))
        #expect(pieces.count == 0)
    }

    @Test func theBodyOfAnErrorIsBounded() async throws {
        let server = try ScriptedServer(Reply(500, String(repeating: "a", count: 2_000)))
        let client = try HTTPClient(configuration: .init(maximumResponseBytes: 1_999))
        let error = try await failure { try await client.receive(HTTPRequest(url: server.url)) { _ in } }
        #expect(error.code == .answerTooLarge)
    }

    @Test func theBodyOfARedirectIsNotHandedOver() async throws {
        let server = try ScriptedServer { request in
            request.target == "/old" ? Reply(302, headers: [("Location", "/new")], "moved") : Reply(200, "here")
        }
        let pieces = Pieces()
        let request = HTTPRequest(url: server.url + "/old", maximumRedirects: 1)
        #expect(try await HTTPClient().receive(request, pieces.receive).status == 200)
        #expect(pieces.bytes == Array("here".utf8))
    }

    @Test func aReceiverThatThrowsTakesTheTransferDown() async throws {
        let server = try ScriptedServer(Reply(200, body: [UInt8](repeating: 0x61, count: 20_000_000)))
        let client = try HTTPClient()
        let pieces = Pieces()
        await #expect(throws: Enough.self) {
            try await client.receive(HTTPRequest(url: server.url)) { piece in
                pieces.receive(piece)
                throw Enough()
            }
        }
        #expect(pieces.count == 1)
        await server.closed(1)
        // The client and its handle are as good as before.
        #expect(try await client.send(HTTPRequest(url: server.url)).body.count == 20_000_000)
    }

    @Test func aCutBodyIsAnErrorThoughItsStartWasHandedOver() async throws {
        let server = try ScriptedServer(Reply.cutInBody(of: "12345678"))
        let client = try HTTPClient()
        let pieces = Pieces()
        let error = try await failure { try await client.receive(HTTPRequest(url: server.url), pieces.receive) }
        #expect(error.code == .partialAnswer)
        #expect(pieces.bytes == Array("1234".utf8))
    }

    @Test func cancellationTakesTheTransferDown() async throws {
        let server = try ScriptedServer(Reply.silenceInBody(of: "12345678"))
        let client = try HTTPClient()
        let (started, start) = AsyncStream<Void>.makeStream()
        let task = Task {
            try await client.receive(HTTPRequest(url: server.url)) { _ in start.finish() }
        }
        for await _ in started {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.closed(1)
    }

    @Test(arguments: [Reply.silence, .silenceInBody(of: "12345678")])
    func aServerThatFallsSilentIsATimeout(reply: Reply) async throws {
        let server = try ScriptedServer(reply)
        let client = try HTTPClient()
        let error = try await failure {
            try await client.receive(HTTPRequest(url: server.url), stallTimeout: .milliseconds(10)) { _ in }
        }
        #expect(error.isTimeout)
        await server.closed(1)
    }

    @Test func theTimeoutOfTheRequestDoesNotEndADownload() async throws {
        let gate = Gate()
        let server = try ScriptedServer { request in
            request.target == "/download" ? Reply(200, "whole").after(gate) : .silence
        }
        let client = try HTTPClient()
        let pieces = Pieces()
        async let download = client.receive(
            HTTPRequest(url: server.url + "/download", timeout: .milliseconds(50)),
            pieces.receive
        )
        await server.received(1)
        // Ends after the same time, but was sent later.
        let error = try await failure {
            try await client.send(HTTPRequest(url: server.url, timeout: .milliseconds(50)))
        }
        #expect(error.isTimeout)
        gate.open()
        #expect(try await download.status == 200)
        #expect(pieces.bytes == Array("whole".utf8))
    }
}

/// Keeps what a download hands over.
private final class Pieces: Sendable {
    private let state = Mutex<(bytes: [UInt8], count: Int)>(([], 0))

    var bytes: [UInt8] { state.withLock { $0.bytes } }
    /// How many pieces there were.
    var count: Int { state.withLock { $0.count } }

    var receive: @Sendable (Span<UInt8>) -> Void {
        { piece in
            self.state.withLock { state in
                for index in piece.indices {
                    state.bytes.append(piece[index])
                }
                state.count += 1
            }
        }
    }
}
