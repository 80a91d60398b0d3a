import CurlHTTP
import HTTPTestSupport
import Testing

@Suite struct HTTPCancellationTests {
    @Test func cancellationTakesTheTransferDown() async throws {
        let server = try ScriptedServer(Reply.silence)
        let client = try HTTPClient()
        let task = Task { try await client.send(HTTPRequest(url: server.url)) }
        await server.received(1)
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await server.closed(1)
    }

    @Test func aCancelledTaskSendsNothing() async throws {
        let server = try ScriptedServer(Reply(200))
        let client = try HTTPClient()
        let task = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return try await client.send(HTTPRequest(url: server.url))
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(server.connectionCount == 0)
    }

    @Test func cancellingOneLeavesTheOthersAlone() async throws {
        let gate = Gate()
        let server = try ScriptedServer { $0.target == "/slow" ? .silence : Reply(200).after(gate) }
        let client = try HTTPClient()
        async let other = client.send(HTTPRequest(url: server.url + "/other"))
        let slow = Task { try await client.send(HTTPRequest(url: server.url + "/slow")) }
        await server.received(2)
        slow.cancel()
        await #expect(throws: CancellationError.self) { try await slow.value }
        gate.open()
        #expect(try await other.status == 200)
    }

    /// Cancels at every stage of a transfer; each ends with an answer or a `CancellationError`, and none is lost.
    @Test func everyCancelledTransferEndsOnce() async throws {
        let server = try ScriptedServer(Reply(200, "ok"))
        let client = try HTTPClient()
        await withTaskGroup { group in
            for _ in 0..<200 {
                group.addTask {
                    let task = Task { try await client.send(HTTPRequest(url: server.url)) }
                    for _ in 0..<Int.random(in: 0..<20) {
                        await Task.yield()
                    }
                    task.cancel()
                    switch await task.result {
                    case .success(let answer): #expect(answer.status == 200)
                    case .failure(let error): #expect(error is CancellationError)
                    }
                }
            }
        }
    }
}
