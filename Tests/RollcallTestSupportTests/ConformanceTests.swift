import RollcallCore
import RollcallTestSupport
import Testing

/// The suites find what is broken, and nothing else.
@Suite struct ConformanceTests {
    @Test func plugInsThatKeepAllPromisesPass() async {
        await expectConformance(of: FlawedSource.sample())
        expectConformance(of: FlawedStep.sample())
        await expectConformance(of: FlawedSink.sample())
    }

    @Test(arguments: SourcePromise.allCases)
    func aSourceThatBreaksAPromiseIsFound(_ promise: SourcePromise) async {
        let broken = await FlawedSource.sample(without: promise).breaches().map(\.promise)
        #expect(broken.contains(promise), "found \(broken)")
    }

    @Test(arguments: TransformPromise.allCases)
    func aStepThatBreaksAPromiseIsFound(_ promise: TransformPromise) {
        let broken = FlawedStep.sample(without: promise).breaches().map(\.promise)
        #expect(broken.contains(promise), "found \(broken)")
    }

    @Test(arguments: SinkPromise.allCases)
    func aSinkThatBreaksAPromiseIsFound(_ promise: SinkPromise) async {
        let broken = await FlawedSink.sample(without: promise).breaches().map(\.promise)
        #expect(broken.contains(promise), "found \(broken)")
    }

    @Test func aBreachIsAnIssueAtTheCallersLine() async {
        await withKnownIssue {
            await expectConformance(of: FlawedSource.sample(without: .tellsNoValues))
        } matching: { issue in
            issue.sourceLocation?.fileName == "ConformanceTests.swift"
                && issue.comments.contains { $0.rawValue.contains(SourcePromise.tellsNoValues.rawValue) }
        }
    }
}
