import Testing

@testable import GenesysCloud

@Suite struct RequestPacingTests {
    private func report(_ count: Int, of allowed: Int = 10, reset: Int = 30) -> RateReport {
        RateReport(count: count, allowed: allowed, reset: .seconds(reset))
    }

    @Test func nothingIsHeldBackBeforeTheFirstReport() {
        var pacing = RequestPacing()
        for _ in 0..<1_000 {
            #expect(pacing.admit(now: .zero) == .start)
        }
    }

    @Test func aFullWindowIsWaitedForARoundedSecondLonger() {
        var pacing = RequestPacing()
        #expect(pacing.admit(now: .zero) == .start)
        pacing.answered(report(10), now: .seconds(2))
        #expect(pacing.admit(now: .seconds(2)) == .wait(until: .seconds(33)))
        #expect(pacing.admit(now: .seconds(33)) == .start)
    }

    @Test func requestsUnderWayCountAsUsed() {
        var pacing = RequestPacing()
        for _ in 0..<3 {
            #expect(pacing.admit(now: .zero) == .start)
        }
        // Two are still under way, and the server may not have counted them yet.
        pacing.answered(report(7), now: .zero)
        #expect(pacing.admit(now: .zero) == .start)
        #expect(pacing.admit(now: .zero) == .waitForAnswer)
        // It had counted one of them: there is room for another.
        pacing.answered(report(8), now: .zero)
        pacing.answered(report(8), now: .zero)
        #expect(pacing.admit(now: .zero) == .start)
        #expect(pacing.admit(now: .zero) == .waitForAnswer)
        pacing.answered(report(9), now: .zero)
        pacing.answered(report(10), now: .zero)
        #expect(pacing.admit(now: .zero) == .wait(until: .seconds(31)))
    }

    @Test func answersThatOvertakeEachOtherDoNotLowerTheCount() {
        var pacing = RequestPacing()
        _ = pacing.admit(now: .zero)
        _ = pacing.admit(now: .zero)
        pacing.answered(report(10, reset: 30), now: .seconds(1))
        pacing.answered(report(9, reset: 31), now: .seconds(2))
        #expect(pacing.admit(now: .seconds(2)) == .wait(until: .seconds(32)))
    }

    @Test func aReportOfTheNextWindowReplacesTheLast() {
        var pacing = RequestPacing()
        _ = pacing.admit(now: .zero)
        _ = pacing.admit(now: .zero)
        pacing.answered(report(9, reset: 1), now: .zero)
        pacing.answered(report(1, reset: 60), now: .seconds(1))
        for _ in 0..<9 {
            #expect(pacing.admit(now: .seconds(1)) == .start)
        }
        #expect(pacing.admit(now: .seconds(1)) == .waitForAnswer)
    }

    @Test func a429BlocksEverythingUntilTheToldTime() {
        var pacing = RequestPacing()
        _ = pacing.admit(now: .zero)
        pacing.answered(nil, now: .zero)
        pacing.blocked(for: .seconds(30), now: .seconds(1))
        pacing.blocked(for: .seconds(3), now: .seconds(2))
        #expect(pacing.admit(now: .seconds(31)) == .wait(until: .seconds(32)))
        #expect(pacing.admit(now: .seconds(32)) == .start)
    }

    @Test func requestsWithoutAnAnswerAreTakenAsCounted() {
        var pacing = RequestPacing()
        _ = pacing.admit(now: .zero)
        pacing.answered(report(8), now: .zero)
        _ = pacing.admit(now: .zero)
        pacing.ended()
        #expect(pacing.admit(now: .zero) == .start)
        #expect(pacing.admit(now: .zero) == .waitForAnswer)
        pacing.ended()
        #expect(pacing.admit(now: .zero) == .wait(until: .seconds(31)))
    }

    @Test func aWindowOfWhichNoAnswerToldDoesNotBlockForEver() {
        var pacing = RequestPacing()
        _ = pacing.admit(now: .zero)
        pacing.answered(report(1, of: 2), now: .zero)
        for _ in 0..<10 {
            #expect(pacing.admit(now: .seconds(100)) == .start)
            pacing.ended()
        }
    }

    /// Simulates a server with a fixed window and clients that never wait but for the pacing: the limit is never passed.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func theLimitIsNeverPassed(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var pacing = RequestPacing()
        let limit = Int.random(in: 1...20, using: &random)
        let width = Int.random(in: 1...8, using: &random)
        var countInWindow: [Int: Int] = [:]
        var underWay: [(arrives: Int, answered: Int, report: RateReport?)] = []
        // A first request alone tells of the limit, as no client can know it before.
        var known = false
        for millisecond in 0..<45_000 {
            let now = Duration.milliseconds(millisecond)
            for index in underWay.indices where underWay[index].arrives == millisecond {
                let window = millisecond / 10_000
                countInWindow[window, default: 0] += 1
                let left = 10_000 - millisecond % 10_000
                underWay[index].report = report(countInWindow[window, default: 0], of: limit, reset: left / 1_000)
            }
            for request in underWay where request.answered == millisecond {
                pacing.answered(request.report, now: now)
                known = true
            }
            underWay.removeAll { $0.answered == millisecond }
            while underWay.count < (known ? width : 1), pacing.admit(now: now) == .start {
                let arrives = millisecond + Int.random(in: 1...300, using: &random)
                underWay.append((arrives, arrives + Int.random(in: 1...300, using: &random), nil))
            }
        }
        #expect(countInWindow.count >= 3)
        for (_, count) in countInWindow {
            #expect(count <= limit)
        }
        // And it is used: each full window but for the requests that were under way at its end.
        #expect(countInWindow[1, default: 0] >= limit - width)
        #expect(countInWindow[1, default: 0] >= 1)
    }
}
