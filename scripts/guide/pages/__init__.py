"""What a page is, before it is rendered: plan, navigation, words, sections."""
