package tirl.lab;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Finds the methods of a Java source file and their length in lines, from the line of the opening brace to that of the
 * closing one. Matches braces and nothing more: comments and literals are blanked first, and a block is taken for a
 * method when the text before its brace ends like a parameter list with an optional throws clause and is no statement.
 * A lambda belongs to the method it stands in. That is enough for sources that Spotless has formatted.
 */
final class MethodLengths {
    /** Comments, text blocks, strings and characters: whatever may hold a brace that is none. */
    private static final Pattern NOT_CODE = Pattern.compile(
            "//[^\\n]*|(?s:/\\*.*?\\*/)|\"\"\"(?s:.*?)(?<!\\\\)\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\\\n])+'");

    private static final Pattern METHOD_HEADER =
            Pattern.compile("(?s)(?!\\s*(if|for|while|switch|catch|try|synchronized|else|do|return|yield|case)\\b)"
                    + "[^=]*\\b(\\w+)\\s*\\((?s:.*)\\)(\\s*throws\\s[\\w\\s.,]+)?\\s*");

    private static final Pattern TYPE_HEADER = Pattern.compile("(?s).*\\b(class|interface|enum|record)\\s+\\w+.*");

    private MethodLengths() {}

    record Method(String name, int firstLine, int lines) {}

    private record Block(String header, int line) {}

    static List<Method> of(String source) {
        String code = NOT_CODE.matcher(source).replaceAll(match -> match.group().replaceAll("[^\\n]", " "));
        List<Method> methods = new ArrayList<>();
        Deque<Block> open = new ArrayDeque<>();
        int line = 1;
        int headerStart = 0;
        for (int at = 0; at < code.length(); at++) {
            char c = code.charAt(at);
            if (c == '\n') {
                line++;
            } else if (c == '{') {
                open.push(new Block(code.substring(headerStart, at), line));
            } else if (c == '}') {
                Block block = open.pop();
                addMethod(methods, block, line);
            }
            if (c == ';' || c == '{' || c == '}') {
                headerStart = at + 1;
            }
        }
        return methods;
    }

    private static void addMethod(List<Method> methods, Block block, int lastLine) {
        if (TYPE_HEADER.matcher(block.header()).matches()) {
            return;
        }
        // Annotations may have parentheses and equals signs of their own.
        String header = block.header().replaceAll("@\\w+(\\([^()]*\\))?", " ");
        var method = METHOD_HEADER.matcher(header);
        if (method.matches()) {
            methods.add(new Method(method.group(2), block.line(), lastLine - block.line() + 1));
        }
    }
}
