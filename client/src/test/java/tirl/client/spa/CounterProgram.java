package tirl.client.spa;

import java.io.IOException;
import java.nio.file.Path;

/** Child program: takes numbers and prints each. */
final class CounterProgram {
    private CounterProgram() {}

    public static void main(String[] arguments) throws IOException {
        Counter counter = new Counter(Path.of(arguments[0]));
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            System.out.println(counter.next(System.currentTimeMillis()).counter());
        }
    }
}
