import RollcallTestSupport
import Testing

/// Tables that are read in several parts at once, in requests that cut what the parts read.
@Suite struct PartitionTests {
    @Test(arguments: [100, 300, 999, 1_000], [true, false])
    func everyRowArrivesHoweverPartsAndRequestsAreCut(rowsPerRequest: Int, isOrdered: Bool) async throws {
        try await Workbench.with(leads: 10_000) { bench in
            let file = try bench.pipeline(
                sink: ["rows_per_request: \(rowsPerRequest)"],
                replacing: ["  cursor: updated_at\n": "  partitions: 3\n  ordered: \(isOrdered)\n"]
            )
            let first = try await bench.run(file)
            #expect(first["read"] == 10_000)
            #expect(try await bench.differences() == [])
            #expect(try await bench.statistic("contacts_repeated") == 0)
            let second = try await bench.run(file)
            #expect(second["delivered"] == 0)
            #expect(second["unchanged"] == first["delivered"])
        }
    }
}
