/// Why a simulator did not start, a question to it has no answer, or an edit cannot be made.
public struct SimulatorError: Error, CustomStringConvertible {
    public let description: String
}
