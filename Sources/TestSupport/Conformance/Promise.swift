internal import RollcallCore

/// What the contract of a kind of plug-in promises; each raw value is a sentence of it.
public protocol Promise: RawRepresentable<String>, CaseIterable, Hashable, Sendable {}

/// A promise that a plug-in broke, and how that showed.
public struct Breach<Kept: Promise>: Sendable, CustomStringConvertible {
    public let promise: Kept
    public let evidence: String

    public var description: String { "broken: \(promise.rawValue)\n  seen: \(evidence)" }
}

/// Collects the breaches that a suite finds: of each promise the first.
///
/// Used by one task.
final class Findings<Kept: Promise> {
    private(set) var breaches: [Breach<Kept>] = []

    func expect(_ isKept: Bool, _ promise: Kept, _ evidence: @autoclosure () -> String) {
        if !isKept { add(promise, evidence()) }
    }

    /// Makes an observation; what it throws is a breach, too.
    func observe(_ promise: Kept, _ observation: () async throws -> Void) async {
        do {
            try await observation()
        } catch {
            add(promise, "threw \(error)")
        }
    }

    /// Makes an observation; what it throws is a breach, too.
    func observe(_ promise: Kept, _ observation: () throws -> Void) {
        do {
            try observation()
        } catch {
            add(promise, "threw \(error)")
        }
    }

    private func add(_ promise: Kept, _ evidence: String) {
        guard !breaches.contains(where: { $0.promise == promise }) else { return }
        breaches.append(Breach(promise: promise, evidence: evidence))
    }
}
