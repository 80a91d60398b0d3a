import DiscardSink
import RollcallCore
import RollcallTestSupport
import Testing

/// The sink keeps what `Sink` and `SinkWriter` promise.
@Suite struct ConformanceTests {
    @Test func rowsAreTakenAsTheContractSays() async {
        await expectConformance(
            of: SinkSample(
                DiscardSink.self,
                [:],
                columns: [.init("id"), .init("name")],
                rows: [["1", "Ada"], ["2", nil], ["3", ""]]
            )
        )
    }
}
