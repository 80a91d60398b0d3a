internal import CurlHTTP

/// A client of the Genesys Cloud Platform API for one OAuth client.
///
/// All requests share one token, the connections and the rate limit, so make one client for an OAuth client and use it
/// from as many tasks as you like. Requests that fail for a passing reason are repeated, within `RetrySettings`; what is
/// then thrown is a `GenesysError`, or a `CancellationError` if the task was cancelled.
public final class GenesysClient: Sendable {
    let retrier: Retrier
    let timeline: Timeline
    let http: HTTPClient
    let configuration: GenesysConfiguration
    let gate: PacingGate
    private let tokens: TokenKeeper

    /// Makes a client; nothing is sent before the first request.
    ///
    /// All waiting between requests goes by `clock`; only the time-outs of a request under way are real time. `observer` is
    /// told of each wait, each repetition and each new token.
    public init(
        _ configuration: GenesysConfiguration,
        clock: any Clock<Duration> = ContinuousClock(),
        observer: @escaping GenesysObserver = { _ in }
    ) throws {
        let http = try HTTPClient(
            configuration: HTTPClient.Configuration(
                userAgent: configuration.userAgent,
                certificateAuthorities: configuration.certificateAuthorities
            )
        )
        let timeline = Timeline(clock)
        let retrier = Retrier(
            configuration.retry,
            seed: configuration.jitterSeed,
            timeline: timeline,
            observer: observer
        )
        let tokenRequest = TokenRequest(http: http, configuration: configuration, timeline: timeline)
        self.timeline = timeline
        self.http = http
        self.configuration = configuration
        self.retrier = retrier
        tokens = TokenKeeper(timeline: timeline) {
            let token = try await retrier.run { try await tokenRequest.send() }
            observer(.tokenFetched)
            return token
        }
        gate = PacingGate(maximumWait: configuration.retry.maximumWait, timeline: timeline, observer: observer)
    }

    /// Ends the client; requests under way fail with a `GenesysError` of kind `transport`.
    public func shutdown() async {
        await http.shutdown()
    }

    /// Sends the call and returns its answer, whose status is in the 200s.
    func perform(_ call: APICall) async throws -> HTTPResponse {
        try await withToken { token in try await send(call, token) }
    }

    /// Repeats the attempts that are worth it, with a new token after the first that was refused.
    func withToken<Value>(
        _ send: (AccessToken) async throws -> Retrier.Attempt<Value>
    ) async throws -> Value {
        var refused: AccessToken?
        return try await retrier.run {
            let token = try await tokens.token(insteadOf: refused)
            let attempt = try await send(token)
            guard case .failed(let error, _) = attempt, error.kind == .unauthorized, refused == nil else {
                return attempt
            }
            // The token was revoked or has expired early. A second refusal is final.
            refused = token
            return try await send(tokens.token(insteadOf: token))
        }
    }

    private func send(_ call: APICall, _ token: AccessToken) async throws -> Retrier.Attempt<HTTPResponse> {
        let request = call.request(configuration, token)
        try await gate.enter(for: call.operation)
        do {
            let answer = try await http.send(request)
            gate.leave(answer)
            guard let refusal = Refusal(answer, operation: call.operation) else { return .succeeded(answer) }
            return .failed(refusal.error, call.allowed(refusal))
        } catch {
            gate.leave(nil)
            guard let failure = error as? HTTPError else { throw error }
            let refusal = Refusal(failure, operation: call.operation)
            return .failed(refusal.error, call.allowed(refusal))
        }
    }
}
