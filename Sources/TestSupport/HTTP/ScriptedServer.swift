internal import Foundation
internal import Synchronization

/// An HTTP/1.1 server on a free port of 127.0.0.1 that answers each request as the test's script says.
///
/// Each connection is served by a thread of its own, so the script may be called from several at a time. The server ends
/// with `stop()` or when it is released.
public final class ScriptedServer: Sendable {
    public typealias Script = @Sendable (ReceivedRequest) -> Reply

    private let service: Service
    /// The address, `http://127.0.0.1:<port>`.
    public let url: String

    public init(_ script: @escaping Script) throws {
        let listener = try Socket.listening()
        url = "http://127.0.0.1:\(listener.port)"
        service = Service(listener: listener, script: script)
        service.start()
    }

    /// Answers the n-th request with the n-th reply, and every further one with the last.
    public convenience init(_ first: Reply, _ replies: Reply...) throws {
        let replies = [first] + replies
        try self.init { replies[min($0.number, replies.count - 1)] }
    }

    deinit {
        service.stop()
    }

    /// All requests so far, in order.
    public var requests: [ReceivedRequest] { service.requests.withLock { $0 } }

    /// How many connections were ever accepted.
    public var connectionCount: Int { service.accepted.count }

    /// Waits until this many requests were received.
    public func received(_ count: Int) async {
        await service.received.reaches(count)
    }

    /// Waits until this many connections have ended, by whichever side.
    public func closed(_ count: Int) async {
        await service.closed.reaches(count)
    }

    /// Ends all connections and accepts no more.
    public func stop() {
        service.stop()
    }
}

/// What the server's threads share; they keep it alive after the server itself is released.
private final class Service: Sendable {
    let requests = Mutex<[ReceivedRequest]>([])
    let accepted = Tally()
    let received = Tally()
    let closed = Tally()
    private let listener: Socket
    private let script: ScriptedServer.Script
    private let connections = Mutex<Connections>(Connections())

    private struct Connections {
        var isStopped = false
        var open: [Int: Connection] = [:]
    }

    init(listener: consuming Socket, script: @escaping ScriptedServer.Script) {
        self.listener = listener
        self.script = script
    }

    func start() {
        runOnThread {
            while let socket = self.listener.accept() {
                let connection = Connection(number: self.accepted.count, socket: socket)
                self.accepted.increment()
                let isRefused = self.connections.withLock { connections in
                    connections.open[connection.number] = connection
                    return connections.isStopped
                }
                guard !isRefused else { return }
                runOnThread { self.serve(connection) }
            }
        }
    }

    func stop() {
        listener.shutDown()
        let open = connections.withLock { connections in
            connections.isStopped = true
            return connections.open.values
        }
        for connection in open {
            connection.socket.shutDown()
        }
    }

    private func serve(_ connection: Connection) {
        var reader = RequestReader()
        while let message = reader.next(from: connection.socket) {
            let request = requests.withLock { requests in
                let request = ReceivedRequest(
                    number: requests.count,
                    connection: connection.number,
                    method: message.method,
                    target: message.target,
                    headers: message.headers,
                    body: message.body
                )
                requests.append(request)
                return request
            }
            let reply = script(request)
            received.increment()
            reply.gate?.pass()
            connection.socket.write(reply.bytes)
            guard reply.ending != .close else { break }
        }
        connection.socket.shutDown()
        connections.withLock { $0.open[connection.number] = nil }
        closed.increment()
    }
}

private final class Connection: Sendable {
    let number: Int
    let socket: Socket

    init(number: Int, socket: consuming Socket) {
        self.number = number
        self.socket = socket
    }
}

private func runOnThread(_ body: @escaping @Sendable () -> Void) {
    // Not a dispatch queue: calls that block for long would use up its threads.
    Thread(block: body).start()
}
