import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
public import ServiceLifecycle
import Synchronization

/// A local stand-in for the parts of Genesys Cloud that load contact lists: tokens, lists, contacts, limits, and, on
/// request, faults.
///
/// Several may run in one process, each on its own port. One that is started must be shut down. As a `Service` in a
/// `ServiceGroup` it runs until the group asks it to stop.
public final class Simulator: Service {
    /// What call records say if `dial` is not told otherwise.
    public static let dialResult = "simulated.no.answer"

    /// Where it listens, as `http://host:port`; API, login and control paths are all there.
    public let baseURL: String

    let core: SimulatorCore
    private let server: Task<Void, any Error>

    private init(baseURL: String, core: SimulatorCore, server: Task<Void, any Error>) {
        self.baseURL = baseURL
        self.core = core
        self.server = server
    }

    /// Starts a simulator and returns once it listens.
    /// - Throws: `SimulatorError` if it cannot listen where it should.
    public static func start(_ options: SimulatorOptions = SimulatorOptions()) async throws -> Simulator {
        let core = SimulatorCore(options)
        let (ports, port) = AsyncThrowingStream<Int, any Error>.makeStream()
        let application = try makeApplication(core) { port.yield($0) }
        let server = Task {
            do {
                try await application.run()
                port.finish()
            } catch {
                port.finish(throwing: error)
                throw error
            }
        }
        do {
            for try await port in ports {
                return Simulator(baseURL: "http://\(options.host):\(port)", core: core, server: server)
            }
        } catch {
            throw SimulatorError(
                description: "simulator: cannot listen on \(options.host) port \(options.port): \(Self.reason(error))"
            )
        }
        server.cancel()
        throw CancellationError()
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        guard error.errnoCode != EADDRINUSE else { return "another process listens there, perhaps another simulator" }
        return unsafe String(cString: strerror(error.errnoCode))
    }

    /// Closes all connections, answered or not, and returns when the port is free.
    public func shutdown() async {
        server.cancel()
        // The server was told to stop; how it took that is of no interest.
        _ = await server.result
    }

    /// Serves until the surrounding `ServiceGroup` asks for a graceful shutdown or the task is cancelled, then shuts
    /// down.
    public func run() async throws {
        try? await gracefulShutdown()
        await shutdown()
    }

    private static func makeApplication(
        _ core: SimulatorCore,
        listening: @escaping @Sendable (Int) -> Void
    ) throws -> some ApplicationProtocol {
        let options = core.options
        let router = Router(context: SimulatorContext.self)
        router.add(middleware: APIGate(core: core))
        TokenEndpoint(core: core).addRoutes(to: router)
        let routes = APIRoutes(router: router, core: core)
        IdentityRoutes(core: core).add(to: routes)
        ContactListRoutes(core: core).add(to: routes)
        ContactRoutes(core: core).add(to: routes)
        BulkRoutes(core: core).add(to: routes)
        ExportRoutes(core: core).add(to: routes)
        ControlRoutes(core: core).addRoutes(to: router)
        try PageRoutes(core: core).addRoutes(to: router)
        return Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(options.host, port: options.port),
                availableConnectionsDelegate: ConnectionCounter(core: core)
            ),
            onServerRunning: { channel in listening(channel.localAddress?.port ?? options.port) },
            logger: options.logger ?? Logger(label: "simulator") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}

/// Counts connections; accepts them all.
private struct ConnectionCounter: AvailableConnectionsDelegate {
    let core: SimulatorCore

    func connectionOpened() {
        core.statistics.withLock { $0.connectionsAccepted += 1 }
    }

    func connectionClosed() {}

    func isAcceptingNewConnections() -> Bool { true }
}
