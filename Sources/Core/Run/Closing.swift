/// Runs `body`, and then `close`, whatever became of `body`.
///
/// For what must be given back by an async call, which `defer` cannot make.
package func closing<Result>(
    with close: () async throws -> Void,
    after body: () async throws -> Result
) async throws -> Result {
    let result: Result
    do {
        result = try await body()
    } catch {
        // What went wrong first is what matters.
        try? await close()
        throw error
    }
    try await close()
    return result
}
