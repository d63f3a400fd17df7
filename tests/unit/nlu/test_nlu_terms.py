"""Characters and fuzzy syllables as features."""

from nlu.components.terms import characters, ngrams, pairs, sounds


def test_blanks_and_marks_make_no_difference():
    assert characters("我 要，洗 澡。") == characters("我要洗澡")


def test_a_run_of_digits_and_a_latin_word_count_as_one():
    assert characters("打120 ok吗") == ["打", "0", "ok", "吗"]


def test_words_that_sound_alike_have_the_same_syllables():
    assert sounds("助餐") == sounds("主餐")
    assert sounds("四楼") == sounds("是楼")
    assert sounds("助餐") != sounds("助浴")


def test_the_ends_of_the_utterance_are_units():
    assert ngrams(["好", "的"], 1, 2) == ["^", "好", "的", "$", "^ 好", "好 的", "的 $"]


def test_an_utterance_shorter_than_the_ngram_gives_what_there_is():
    assert ngrams([], 1, 3) == ["^", "$", "^ $"]


def test_a_pair_reaches_over_what_stands_between():
    assert pairs(["改", "一", "下", "到"], reach=3) == ["^~一", "^~下", "改~下", "改~到", "一~到", "一~$", "下~$"]
