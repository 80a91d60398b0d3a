import CurlHTTP
import HTTPTestSupport
import Testing

@Suite struct HTTPFailureTests {
    @Test func aTimeoutIsAnErrorOfItsOwn() async throws {
        let server = try ScriptedServer(Reply.silence)
        let client = try HTTPClient()
        let error = try await failure {
            try await client.send(HTTPRequest(url: server.url, timeout: .milliseconds(50)))
        }
        #expect(error.isTimeout)
        #expect(error.requestMayHaveBeenSent)
        await server.closed(1)
    }

    @Test func aConnectionThatIsRefusedSentNothing() async throws {
        let server = try ScriptedServer(Reply(200))
        let url = server.url
        server.stop()
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: url)) }
        #expect(error.code == .couldNotConnect)
        #expect(!error.requestMayHaveBeenSent)
        #expect(error.description.contains("check that the server is up"))
    }

    @Test func anUnknownHostSentNothing() async throws {
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: "http://no-such-host.invalid/")) }
        #expect(error.code == .couldNotResolveHost)
        #expect(!error.requestMayHaveBeenSent)
    }

    @Test func aCutConnectionMayHaveTakenTheRequest() async throws {
        let server = try ScriptedServer(Reply.cut)
        let client = try HTTPClient()
        let error = try await failure {
            try await client.send(HTTPRequest(method: .post, url: server.url, body: Array("x".utf8)))
        }
        #expect([.emptyAnswer, .receiveFailed].contains(error.code))
        #expect(error.requestMayHaveBeenSent)
    }

    @Test func anAnswerCutInItsBodyIsNoAnswer() async throws {
        let server = try ScriptedServer(Reply.cutInBody(of: "a long enough text"))
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: server.url)) }
        #expect(error.code == .partialAnswer)
        #expect(error.requestMayHaveBeenSent)
    }

    @Test func anAnswerThatIsNotHTTPIsRefused() async throws {
        let server = try ScriptedServer(Reply.raw("220 smtp ready\r\n"))
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: server.url)) }
        #expect(error.requestMayHaveBeenSent)
    }

    @Test func aDeadKeptConnectionIsReplacedUnlessTheRequestMayNotBeResent() async throws {
        let script: ScriptedServer.Script = { $0.number == 1 ? .cut : Reply(200) }
        let body = [UInt8](repeating: 0x61, count: 100_000)

        let resending = try ScriptedServer(script)
        let client = try HTTPClient()
        _ = try await client.send(HTTPRequest(url: resending.url))
        let answer = try await client.send(HTTPRequest(method: .post, url: resending.url, body: body))
        #expect(answer.status == 200)
        #expect(resending.requests.map(\.body.count) == [0, 100_000, 100_000])

        let once = try ScriptedServer(script)
        _ = try await client.send(HTTPRequest(url: once.url))
        let error = try await failure {
            try await client.send(HTTPRequest(method: .post, url: once.url, body: body, mayBeResent: false))
        }
        #expect(error.requestMayHaveBeenSent)
        #expect(once.requests.count == 2)
        #expect(once.connectionCount == 2)
    }

    @Test(arguments: [true, false])
    func anAnswerLargerThanAllowedIsRefused(announced: Bool) async throws {
        let text = String(repeating: "a", count: 2_000)
        let server = try ScriptedServer(announced ? Reply(200, text) : Reply.raw("HTTP/1.1 200 OK\r\n\r\n" + text))
        let client = try HTTPClient(configuration: .init(maximumResponseBytes: 1_999))
        let error = try await failure { try await client.send(HTTPRequest(url: server.url)) }
        #expect(error.code == .answerTooLarge)
    }

    @Test(arguments: ["X-Bad\r\nX-Injected", "", "X-Bad"])
    func aHeaderCannotSmuggleInAnother(name: String) async throws {
        let server = try ScriptedServer(Reply(200))
        let client = try HTTPClient()
        var request = HTTPRequest(url: server.url)
        request.headers.add(name, "value\r\nX-Injected: 1")
        let error = try await failure { try await client.send(request) }
        #expect(error.code == .invalidArgument)
        #expect(server.connectionCount == 0)
    }

    @Test(arguments: ["file:///etc/hostname", "ftp://localhost/x", "http://ho st/", "not a url"])
    func onlyWellFormedHTTPURLsAreSent(url: String) async throws {
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: url)) }
        #expect([.unsupportedProtocol, .malformedURL, .couldNotResolveHost].contains(error.code))
        #expect(!error.requestMayHaveBeenSent)
    }

    @Test(arguments: [
        ("http://anna:secret@no-such-host.invalid/a/b?token=secret#secret", "GET http://no-such-host.invalid/a/b: "),
        ("http://secret@secret@no-such-host.invalid?secret", "GET http://no-such-host.invalid: "),
        ("anna:secret@no-such-host.invalid/secret", "GET <malformed URL>: "),
    ])
    func anErrorShowsNoPartOfTheURLThatMayBeSecret(url: String, start: String) async throws {
        let client = try HTTPClient()
        let error = try await failure { try await client.send(HTTPRequest(url: url)) }
        #expect(error.description.hasPrefix(start))
        #expect(!error.description.contains("secret"))
    }

    @Test func aRequestShowsNeitherHeadersNorBody() {
        let request = HTTPRequest(
            method: .post,
            url: "https://anna:secret@example.com/a?secret",
            headers: ["Authorization": "Bearer secret"],
            body: Array("secret".utf8)
        )
        var dumped = ""
        dump(request, to: &dumped)
        #expect(!dumped.contains("secret") && !dumped.contains("115"))
        #expect("\(request)" == "POST https://example.com/a")
    }
}

/// Runs the request and returns the error that it must end with.
func failure(_ send: () async throws -> HTTPResponse) async throws -> HTTPError {
    try #require(await #expect(throws: HTTPError.self) { _ = try await send() })
}
