internal import CMalloc
internal import RollcallCommands

@main
enum Main {
    static func main() async {
        keepFreedMemory()
        await RollcallCommand.runAndExit()
    }

    /// Lets the allocator keep what is freed, as batches and requests of some hundred kilobytes come and go all the time: each
    /// page that the system gets back it must clear again, which takes a fifteenth of a run.
    private static func keepFreedMemory() {
        mallopt(M_MMAP_THRESHOLD, 32 << 20)
        mallopt(M_TRIM_THRESHOLD, 256 << 20)
    }
}
