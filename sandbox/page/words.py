"""The page's own words, in English and Chinese."""

from dataclasses import dataclass

CHINESE = {
    "Also send to the channel": "同时发送到频道",
    "Message actions": "消息操作",
    "New": "新消息",
    "No shortcuts": "没有快捷方式",
    "Remove": "移除",
    "Suggestions": "建议",
    "Type to search": "输入以搜索",
    "not connected": "未连接",
    "unread": "未读",
    "Act as": "身份",
    "Add a file": "添加文件",
    "Add a reaction": "添加回应",
    "Apps": "应用",
    "Assistant": "助手",
    "Cancel": "取消",
    "Channels": "频道",
    "Close": "关闭",
    "Close thread": "关闭消息列",
    "Dark": "深色",
    "Delete": "删除",
    "Direct messages": "私信",
    "Dismiss": "忽略",
    "Edit": "编辑",
    "Home": "主页",
    "Inspector": "检查器",
    "Join channel": "加入频道",
    "Light": "浅色",
    "Menu": "菜单",
    "Message": "消息",
    "Messages": "消息",
    "More actions": "更多操作",
    "Nothing here yet. The app shows its Home when it is connected.": (
        "这里还没有内容。应用连接后会显示主页。"
    ),
    "Nothing was said here yet.": "这里还没有消息。",
    "Only visible to you": "仅对你可见",
    "Open thread": "打开消息列",
    "Reply in thread": "回复消息列",
    "Save": "保存",
    "Send": "发送",
    "Shared with another company": "与其他公司共享",
    "Shortcuts": "快捷方式",
    "System theme": "跟随系统",
    "Theme": "主题",
    "Thread": "消息列",
    "Try this": "试一试",
    "You can act as anyone here: choose above.": "你可以扮演任何人：在上方选择。",
    "to": "发送给",
    "Every call and payload, both ways": "所有调用和数据，双向",
    "archived": "已归档",
    "app": "应用",
    "edited": "已编辑",
    "guest": "访客",
    "is thinking…": "正在思考…",
    "replies": "条回复",
    "reply": "条回复",
    "The connection was lost. Trying again…": "连接已断开，正在重试…",
    "Type a message, or / for commands": "输入消息，或输入 / 使用命令",
    "Language": "语言",
    "That file is too large.": "文件过大。",
    "Load older messages": "加载更早的消息",
    "No options": "没有选项",
}


@dataclass(frozen=True)
class Words:
    """Says the page's words in one language."""

    language: str
    """`en` or `zh`."""

    @property
    def locale(self) -> str:
        """Return the language as dates are written in it."""
        return self.language

    def __call__(self, words: str) -> str:
        """Return `words` in the language."""
        return CHINESE.get(words, words) if self.language == "zh" else words

    def all(self) -> dict[str, str]:
        """Return all words, for the page's script."""
        return {words: self(words) for words in CHINESE}


def words_for(language: str) -> Words:
    """Return the words of the language that is nearest to `zh-CN`, `en-US`, …."""
    return Words("zh" if language.casefold().startswith("zh") else "en")
