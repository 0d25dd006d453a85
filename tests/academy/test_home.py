def test_a_visitor_finds_home_in_both_languages(visitor):
    english, welsh = visitor.get("/en/"), visitor.get("/cy/")

    assert 'lang="en"' in english.content.decode()
    assert 'lang="cy"' in welsh.content.decode()
