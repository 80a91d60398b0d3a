/// Why a simulator did not start, or a question to it has no answer.
public struct SimulatorError: Error, CustomStringConvertible {
    public let description: String
}
