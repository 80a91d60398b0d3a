import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A plain HTTP client: one connection a request and no retries, so that tests see exactly what the server does.
struct TestClient: Sendable {
    /// The server closed the connection and gave no answer.
    struct NoAnswer: Error {}

    enum Method: String {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    private static let lists = "/api/v2/outbound/contactlists"

    let port: Int
    /// Sent as the bearer, if there is one.
    var token: String?

    init(baseURL: String) {
        port = URLComponents(string: baseURL)?.port ?? 0
    }

    /// Gets a token with the credentials that a simulator has by default.
    mutating func logIn() async throws {
        let form = "grant_type=client_credentials&client_id=rollcall-simulator&client_secret=rollcall-simulator-secret"
        let answer = try await send(.post, "/oauth/token", body: form, type: "application/x-www-form-urlencoded")
        token = answer["access_token"]
    }

    func send(
        _ method: Method,
        _ path: String,
        body: String = "",
        type: String = "application/json",
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var head = HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method.rawValue), uri: path)
        head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
        head.headers.add(name: "Connection", value: "close")
        head.headers.add(name: "Content-Length", value: String(body.utf8.count))
        head.headers.add(name: "Content-Type", value: type)
        if let token { head.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { head.headers.replaceOrAdd(name: name, value: value) }
        return try await exchange(head, ByteBuffer(string: body))
    }

    /// Creates a list with these columns, of which `phone` is the phone column; returns its id.
    func createList(_ name: String = "Leads", columns: [String] = ["key", "name", "phone"]) async throws -> String {
        let body = try Self.json([
            "name": name, "columnNames": columns, "phoneColumns": [["columnName": "phone", "type": "cell"]],
        ])
        let answer = try await send(.post, Self.lists, body: body)
        guard let id = answer["id"] else { throw NoAnswer() }
        return id
    }

    /// Posts contacts, with a query such as `?doNotQueue=true`.
    func post(_ contacts: [[String: Any]], to list: String, query: String = "") async throws -> Answer {
        try await send(.post, "\(Self.lists)/\(list)/contacts\(query)", body: Self.json(contacts))
    }

    /// A full row of the list that `createList` makes.
    static func contact(_ id: String, name: String = "Ada", phone: String = "+35319131122") -> [String: Any] {
        ["id": id, "data": ["key": id, "name": name, "phone": phone]]
    }

    static func json(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
    }

    private func exchange(_ head: HTTPRequestHead, _ body: ByteBuffer) async throws -> Answer {
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            try await outbound.write(contentsOf: [.head(head), .body(.byteBuffer(body)), .end(nil)])
            var answer: Answer?
            do {
                for try await part in inbound {
                    switch part {
                    case .head(let head): answer = Answer(status: Int(head.status.code), headers: head.headers)
                    case .body(let piece): answer?.body += Data(piece.readableBytesView)
                    case .end: break
                    }
                }
            } catch {
                // Reset instead of closed: the request was not read to its end.
                throw NoAnswer()
            }
            guard let answer else { throw NoAnswer() }
            return answer
        }
    }
}

/// What a server answered.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    var body = Data()

    func header(_ name: String) -> String? { headers.first(name: name) }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body, read as a JSON object.
    var object: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }

    /// The body, read as a JSON array of objects.
    var array: [[String: Any]] { (try? JSONSerialization.jsonObject(with: body)) as? [[String: Any]] ?? [] }

    /// The objects of a page.
    var entities: [[String: Any]] { object["entities"] as? [[String: Any]] ?? [] }

    /// The error code of the body.
    var code: String? { self["code"] }

    /// A text of the body.
    subscript(key: String) -> String? { object[key] as? String }

    /// The status and the error code.
    var refusal: Refusal { Refusal(status: status, code: code ?? "") }
}

/// How the service says no.
struct Refusal: Equatable {
    let status: Int
    let code: String

    init(status: Int, code: String) {
        self.status = status
        self.code = code
    }

    init(_ status: Int, _ code: String) {
        self.init(status: status, code: code)
    }
}
