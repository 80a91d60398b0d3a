import FixedWidth
import RollcallCommands
import RollcallEngine

/// Rollcall with the plug-ins of this package: every command knows them.
@main
enum Main {
    static func main() async {
        await RollcallCommand.runAndExit(
            adding: Plugins(sources: [FixedWidthSource.self], transforms: [Pad.self])
        )
    }
}
