/// What the test server does with a request.
public struct Reply: Sendable {
    enum Ending {
        case keepAlive
        case close
        /// Nothing more is sent; the connection stays until the client closes it.
        case silence
    }

    /// Sent as they are.
    let bytes: [UInt8]
    let ending: Ending
    /// What must happen before the reply.
    var gate: Gate?

    /// A complete answer on a connection that stays open.
    public init(_ status: Int, headers: [(String, String)] = [], body: [UInt8]) {
        bytes = Self.head(status, headers, bodyCount: body.count) + body
        ending = .keepAlive
    }

    /// A complete answer on a connection that stays open.
    public init(_ status: Int, headers: [(String, String)] = [], _ text: String = "") {
        self.init(status, headers: headers, body: Array(text.utf8))
    }

    private init(bytes: [UInt8], ending: Ending) {
        self.bytes = bytes
        self.ending = ending
    }

    /// The connection ends without a byte of an answer.
    public static var cut: Reply { Reply(bytes: [], ending: .close) }

    /// The connection ends in the middle of the body.
    public static func cutInBody(of text: String) -> Reply {
        let body = Array(text.utf8)
        return Reply(bytes: head(200, [], bodyCount: body.count) + body.prefix(body.count / 2), ending: .close)
    }

    /// The body stops in its middle, for as long as the client waits.
    public static func silenceInBody(of text: String) -> Reply {
        let body = Array(text.utf8)
        return Reply(bytes: head(200, [], bodyCount: body.count) + body.prefix(body.count / 2), ending: .silence)
    }

    /// No answer, for as long as the client waits.
    public static var silence: Reply { Reply(bytes: [], ending: .silence) }

    /// These very bytes, after which the connection ends.
    public static func raw(_ text: String) -> Reply { Reply(bytes: Array(text.utf8), ending: .close) }

    /// The same reply, held back until the gate is opened.
    public func after(_ gate: Gate) -> Reply {
        var held = self
        held.gate = gate
        return held
    }

    private static func head(_ status: Int, _ headers: [(String, String)], bodyCount: Int) -> [UInt8] {
        var lines = ["HTTP/1.1 \(status) Scripted", "Content-Length: \(bodyCount)"]
        lines += headers.map { "\($0): \($1)" }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}
