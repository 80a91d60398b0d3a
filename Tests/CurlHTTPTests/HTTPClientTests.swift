import CurlHTTP
import HTTPTestSupport
import Testing

@Suite struct HTTPClientTests {
    @Test func aRequestArrivesAsItWasGiven() async throws {
        let server = try ScriptedServer(Reply(201, headers: [("X-Reply", "yes")], "made"))
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let client = try HTTPClient(configuration: .init(userAgent: "tester/1"))
        let answer = try await client.send(
            HTTPRequest(
                method: .post,
                url: server.url + "/things?a=1",
                headers: ["Content-Type": "application/json", "X-Empty": ""],
                body: body
            )
        )
        #expect(answer.status == 201)
        #expect(answer.headers["x-reply"] == "yes")
        #expect(answer.body == Array("made".utf8))
        let request = try #require(server.requests.first)
        #expect(request.method == "POST")
        #expect(request.target == "/things?a=1")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-empty"] == "")
        #expect(request.headers["user-agent"] == "tester/1")
        #expect(request.headers["expect"] == nil)
        #expect(request.body == body)
    }

    @Test(arguments: [HTTPMethod.get, .head, .post, .put, .patch, .delete], [0, 3])
    func everyMethodIsSentWithAndWithoutABody(_ method: HTTPMethod, bodyCount: Int) async throws {
        guard method != .head || bodyCount == 0 else { return }
        let server = try ScriptedServer(Reply(200))
        let client = try HTTPClient()
        let body = [UInt8](repeating: 0x61, count: bodyCount)
        let answer = try await client.send(HTTPRequest(method: method, url: server.url, body: body))
        #expect(answer.status == 200)
        let request = try #require(server.requests.first)
        #expect(request.method == method.rawValue)
        #expect(request.body == body)
        #expect(request.headers["content-type"] == nil)
    }

    @Test func connectionsAreReused() async throws {
        let server = try ScriptedServer(Reply(200, "ok"))
        let client = try HTTPClient()
        for _ in 0..<20 {
            _ = try await client.send(HTTPRequest(method: .post, url: server.url, body: Array("x".utf8)))
        }
        #expect(server.requests.count == 20)
        #expect(server.connectionCount == 1)
    }

    @Test func requestsRunSideBySide() async throws {
        let gate = Gate()
        let server = try ScriptedServer { Reply(200, "\($0.target)").after(gate) }
        let client = try HTTPClient()
        let answers = try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for number in 0..<16 {
                group.addTask { try await client.send(HTTPRequest(url: server.url + "/\(number)")) }
            }
            // None is answered before all of them have arrived.
            await server.received(16)
            gate.open()
            return try await group.reduce(into: Set<String>()) { $0.insert(String(decoding: $1.body, as: UTF8.self)) }
        }
        #expect(answers == Set((0..<16).map { "/\($0)" }))
        #expect(server.connectionCount == 16)
    }

    @Test func aCompressedAnswerIsUnpacked() async throws {
        // `printf 'hello hello hello hello' | gzip -n`
        let packed: [UInt8] = [
            0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0x57, 0xC8, 0x40, 0x27, 0x01, 0xE3,
            0x51, 0x3D, 0x8D, 0x17, 0, 0, 0,
        ]
        let server = try ScriptedServer(Reply(200, headers: [("Content-Encoding", "gzip")], body: packed))
        let answer = try await HTTPClient().send(HTTPRequest(url: server.url))
        #expect(String(decoding: answer.body, as: UTF8.self) == "hello hello hello hello")
        #expect(server.requests.first?.headers["accept-encoding"]?.contains("gzip") == true)
    }

    @Test func anErrorStatusIsAnAnswer() async throws {
        let server = try ScriptedServer(Reply(503, "later"))
        let answer = try await HTTPClient().send(HTTPRequest(url: server.url))
        #expect(answer.status == 503)
        #expect(answer.body == Array("later".utf8))
    }

    @Test func aRedirectIsFollowedOnlyWhenAsked() async throws {
        let server = try ScriptedServer { request in
            request.target == "/old" ? Reply(302, headers: [("Location", "/new")]) : Reply(200, "here")
        }
        let client = try HTTPClient()
        let redirect = try await client.send(HTTPRequest(url: server.url + "/old"))
        #expect(redirect.status == 302)
        #expect(redirect.headers["Location"] == "/new")
        let followed = try await client.send(HTTPRequest(url: server.url + "/old", maximumRedirects: 1))
        #expect(followed.status == 200)
    }

    @Test func aReleasedClientClosesItsConnections() async throws {
        let server = try ScriptedServer(Reply(200))
        _ = try await HTTPClient().send(HTTPRequest(url: server.url))
        await server.closed(1)
    }

    @Test func afterAShutdownNothingIsSent() async throws {
        let server = try ScriptedServer(Reply(200), Reply.silence)
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(url: server.url))
        let pending = Task { try await client.send(HTTPRequest(url: server.url)) }
        await server.received(2)
        await client.shutdown()
        await server.closed(1)
        let caught = await #expect(throws: HTTPError.self) { try await pending.value }
        #expect(caught?.code == .shutDown)
        #expect(caught?.requestMayHaveBeenSent == true)
        let later = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest(url: server.url)) }
        #expect(later?.code == .shutDown)
        #expect(later?.requestMayHaveBeenSent == false)
        await client.shutdown()
        #expect(server.requests.count == 2)
    }
}
