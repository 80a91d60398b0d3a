internal import BuiltIns
internal import RollcallEngine

extension Plugins {
    /// Those that the commands of this program know: what comes with Rollcall, and what `runAndExit` was given besides.
    @TaskLocal static var known = Plugins.builtIn
}
