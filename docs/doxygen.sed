# What a guide needs before Doxygen reads it; see FILTER_PATTERNS in Doxyfile. For sed -E.

# Code stays as it is. The file name after a language is for our tests alone.
/^```[a-z]/,/^```$/{
    s/^(```[a-z]+) .*/\1/
    b
}
# Doxygen looks for ../FOLDER/ beside the project, not beside the guide.
s/\[([^]]+)\]\(\.\.\/[a-z]+\/[^) ]+\.md\)/\1/g
# Links to guides and to the web stay. Those to headers lead to their pages; other files are not part of what is made.
s/\]\(((https?:|#)[^)]*|[^):]*\.md(#[^)]*)?)\)/]{{\1}}/g
s/\[([^]]+)\]\(([^) ]*\/)?include\/(wrl\/)?([a-z_]+\.hp*)\)/\\ref \4 "\1"/g
s/\[([^]]+)\]\([^) ]+\)/\1/g
s/\]\{\{([^}]*)\}\}/](\1)/g
# npm's names.
s/\| @/| \\@/g
