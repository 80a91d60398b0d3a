internal import RollcallCommands

@main
enum Main {
    static func main() async {
        await RollcallCommand.runAndExit()
    }
}
