package tirl.cli;

import java.util.ArrayList;
import java.util.List;

/** What has to be taken out of one text and put into it to make another, by the longest common run of lines. */
final class LineDiff {
    private LineDiff() {}

    /** Lines with {@code -} are in {@code before} only, lines with {@code +} in {@code after} only; none when equal. */
    static List<String> between(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> difference = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                i++;
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                difference.add("-" + before.get(i++));
            } else {
                difference.add("+" + after.get(j++));
            }
        }
        return difference;
    }
}
