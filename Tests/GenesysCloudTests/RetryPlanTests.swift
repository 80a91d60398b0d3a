import Testing

@testable import GenesysCloud

@Suite struct RetryPlanTests {
    private func plan(_ settings: RetrySettings = RetrySettings(), seed: UInt64 = 1) -> RetryPlan {
        RetryPlan(settings, seed: seed)
    }

    private func wait(_ step: RetryPlan.Step) throws -> Duration {
        guard case .wait(let duration, _) = step else {
            Issue.record("gave up")
            return .zero
        }
        return duration
    }

    @Test func pausesDoubleAndTheirUpperHalfIsLeftToChance() throws {
        for seed in 0..<50 as Range<UInt64> {
            var plan = plan(seed: seed)
            for (count, longest) in [1, 2, 4, 8, 16, 32, 60].enumerated() {
                let pause = try wait(plan.failed(.backOff(nil)))
                #expect(pause >= .seconds(longest) / 2 && pause <= .seconds(longest))
                #expect(plan.attempt == count + 2)
            }
            #expect(plan.failed(.backOff(nil)) == .giveUp)
        }
    }

    @Test func chanceDependsOnTheSeedAlone() {
        var first = plan(seed: 5)
        var second = plan(seed: 5)
        var third = plan(seed: 6)
        let step = first.failed(.backOff(nil))
        #expect(second.failed(.backOff(nil)) == step)
        #expect(third.failed(.backOff(nil)) != step)
    }

    @Test func theServersWaitIsTakenWithASecondForRounding() {
        var plan = plan()
        #expect(plan.failed(.backOff(.seconds(20))) == .wait(.seconds(21), asServerAsked: true))
        #expect(plan.failed(.waitForLimit(.seconds(30))) == .wait(.seconds(31), asServerAsked: true))
    }

    @Test func theRateLimitUsesUpNoAttempts() {
        var plan = plan(RetrySettings(maximumAttempts: 2, maximumWait: .seconds(600)))
        for _ in 0..<50 {
            #expect(plan.failed(.waitForLimit(.seconds(1))) == .wait(.seconds(2), asServerAsked: true))
        }
        #expect(plan.attempt == 1)
    }

    @Test func waitingHasALimitInSum() {
        var plan = plan(RetrySettings(maximumWait: .seconds(100)))
        #expect(plan.failed(.waitForLimit(.seconds(49))) == .wait(.seconds(50), asServerAsked: true))
        #expect(plan.failed(.waitForLimit(.seconds(50))) == .giveUp)

        var patient = self.plan(RetrySettings(maximumWait: .seconds(100)))
        #expect(patient.failed(.backOff(.seconds(3_600))) == .giveUp)
    }

    @Test func whatCannotBeMendedIsNotRepeated() {
        var plan = plan()
        #expect(plan.failed(.none) == .giveUp)
    }
}
