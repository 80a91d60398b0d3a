internal import RollcallCore

/// Gathers what is wrong instead of stopping at the first.
struct Faults {
    var problems: [Problem] = []

    var error: RollcallError {
        let sorted = problems.enumerated().sorted { one, other in
            (one.element.location?.line ?? 0, one.offset) < (other.element.location?.line ?? 0, other.offset)
        }
        return RollcallError(.configuration, problems: sorted.map(\.element))
    }

    @discardableResult
    mutating func collect<Result>(_ body: () throws -> Result) -> Result? {
        do {
            return try body()
        } catch let error as RollcallError {
            problems += error.problems
        } catch {
            problems.append(Problem("\(error)"))
        }
        return nil
    }
}
