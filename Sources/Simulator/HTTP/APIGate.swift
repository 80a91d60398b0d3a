import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// Stands before the service's paths: identifies, counts, limits, strikes with faults, and puts errors into the
/// service's words.
///
/// Other paths pass through untouched.
struct APIGate: RouterMiddleware {
    typealias Context = SimulatorContext

    /// Thrown after the connection was closed, so that nobody tries to answer.
    private struct ConnectionDropped: Error {}

    /// An answer that a fault gives in the service's stead.
    private struct Substitute: Error {
        let response: Response
    }

    private static let contactPosts = "/api/v2/outbound/contactlists/{contactListId}/contacts"

    /// What arrives so soon after a 429 was sent on its way before the client could know of it.
    private static let travelTime = Duration.milliseconds(250)

    let core: SimulatorCore

    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        core.settle()
        guard let paths = Self.faultPaths(of: request, context) else { return try await next(request, context) }
        let receivedAt = core.timeline.elapsed()
        let body = try await body(of: request)
        let endpoint = "\(request.method) \(context.endpointPath ?? "unknown path")"
        let correlationID = UUID().uuidString.lowercased()
        var headers: HTTPFields = [.correlationID: correlationID, .cacheControl: "no-cache, no-store, must-revalidate"]
        var response: Response
        do {
            guard let body else { throw APIError.bodyTooLarge }
            var context = context
            context.body = body
            response = try await answer(request, context, paths, receivedAt: receivedAt, headers: &headers, next: next)
        } catch let error as ConnectionDropped {
            record(endpoint, "dropped", isContactPost: paths.contains(.contactPosts))
            throw error
        } catch {
            response = try Self.response(to: error, correlationID: correlationID, context)
        }
        record(endpoint, String(response.status.code), isContactPost: paths.contains(.contactPosts))
        response.headers.append(contentsOf: headers)
        return response
    }

    /// Admits a request, lets faults have their way, and has it answered.
    private func answer(
        _ request: Request,
        _ context: Context,
        _ paths: Set<Fault.Paths>,
        receivedAt: Duration,
        headers: inout HTTPFields,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var context = context
        if !paths.contains(.token) { context.token = try admit(request, at: receivedAt, headers: &headers) }
        let strike = core.faults.withLock { $0.draw(for: paths) }
        record(strike)
        if let delay = strike.delay { try await core.timeline.sleep(.milliseconds(delay.milliseconds)) }
        try await strikeBefore(strike.failure, paths, context)
        // A fault may have taken its time.
        core.settle()
        let response = try await next(request, context)
        try await strikeAfter(strike.failure, context)
        return response
    }

    /// Puts an error into the service's words.
    private static func response(to error: any Error, correlationID: String, _ context: Context) throws -> Response {
        switch error {
        case let substitute as Substitute:
            return substitute.response
        case let error as APIError:
            return try error.response(correlationID: correlationID)
        case let error as JSONReader.Malformed:
            let reason = "expected \(error.expected) at byte \(error.offset)"
            return try APIError.badRequest("bad.request", "The request could not be understood: \(reason).")
                .response(correlationID: correlationID)
        case let error as HTTPError where error.status == .notFound:
            return try APIError.notFound.response(correlationID: correlationID)
        case is CancellationError:
            throw error
        default:
            context.logger.error("Request failed by a defect of the simulator", metadata: ["error": "\(error)"])
            return try APIError.unexpected.response(correlationID: correlationID)
        }
    }

    /// The names under which faults know the path of a request; nil if it is not a path of the service.
    private static func faultPaths(of request: Request, _ context: Context) -> Set<Fault.Paths>? {
        if request.uri.path == TokenEndpoint.path { return [.token] }
        guard request.uri.path.hasPrefix("/api/") else { return nil }
        return request.method == .post && context.endpointPath == contactPosts ? [.api, .contactPosts] : [.api]
    }

    /// Reads the body to its end: some clients take an answer that comes sooner for the end of the connection.
    /// - Returns: The pieces of the body; nil if it is too large.
    private func body(of request: Request) async throws -> [ByteBuffer]? {
        var pieces: [ByteBuffer] = []
        var size = 0
        for try await piece in request.body {
            size += piece.readableBytes
            if size <= core.options.maximumBodyBytes { pieces.append(piece) }
        }
        return size <= core.options.maximumBodyBytes ? pieces : nil
    }

    /// Lets a request with a good token through, as long as its window has room.
    /// - Returns: The token.
    private func admit(_ request: Request, at now: Duration, headers: inout HTTPFields) throws -> String {
        let credentials = request.headers[.authorization]?.split(separator: " ", maxSplits: 1) ?? []
        guard credentials.count == 2, credentials[0].lowercased() == "bearer" else {
            throw APIError.authenticationRequired
        }
        let token = String(credentials[1])
        guard let admission = core.tokens.withLock({ $0.admit(token, at: now) }) else { throw APIError.badCredentials }
        if admission.isEarly { core.statistics.withLock { $0.earlyRequests += 1 } }
        headers[.rateLimitCount] = String(admission.window.count)
        headers[.rateLimitAllowed] = String(admission.window.allowed)
        headers[.rateLimitReset] = String(admission.window.reset)
        guard admission.window.admitted else { throw askForQuiet(token, seconds: admission.window.reset) }
        return token
    }

    /// Makes the 429 that asks the client to wait, and remembers it.
    private func askForQuiet(_ token: String, seconds: Int) -> APIError {
        let now = core.timeline.elapsed()
        core.tokens.withLock { $0.expectQuiet(from: token, during: now + Self.travelTime..<now + .seconds(seconds)) }
        return .tooManyRequests(retryAfterSeconds: seconds)
    }

    /// Keeps a request from its work, if a fault wants it so.
    private func strikeBefore(_ fault: Fault?, _ paths: Set<Fault.Paths>, _ context: Context) async throws {
        switch fault?.kind {
        case nil, .slow, .timeoutAfter, .dropAfter: break
        case .tooManyRequests:
            if paths.contains(.token) { throw Substitute(response: try TokenEndpoint.rateLimited()) }
            throw askForQuiet(context.token, seconds: fault?.retryAfterSeconds ?? 0)
        case .internalError: throw APIError.unexpected
        case .badGateway: throw Substitute(response: Response(html: PageTemplates.badGateway, status: .badGateway))
        case .serviceUnavailable: throw APIError.serviceUnavailable
        case .timeoutBefore: throw APIError.requestTimeout
        case .dropBefore: try await drop(context)
        case .tokenDeath:
            core.tokens.withLock { $0.revoke(context.token) }
            throw APIError.badCredentials
        }
    }

    /// Withholds the answer to a request that did its work, if a fault wants it so.
    private func strikeAfter(_ fault: Fault?, _ context: Context) async throws {
        switch fault?.kind {
        case .timeoutAfter: throw APIError.requestTimeout
        case .dropAfter: try await drop(context)
        default: break
        }
    }

    private func drop(_ context: Context) async throws {
        try await context.channel.close()
        throw ConnectionDropped()
    }

    private func record(_ endpoint: String, _ outcome: String, isContactPost: Bool) {
        core.statistics.withLock {
            $0.requests[endpoint, default: [:]][outcome, default: 0] += 1
            if isContactPost { $0.contactPosts += 1 }
            if outcome == "dropped" { $0.connectionsDropped += 1 }
        }
    }

    private func record(_ strike: FaultInjector.Strike) {
        for fault in [strike.delay, strike.failure].compactMap(\.self) {
            core.statistics.withLock { $0.faults[fault.kind.rawValue, default: 0] += 1 }
        }
    }
}
