"""Names as people type them: folding, pinyin, index keys, likeness."""
