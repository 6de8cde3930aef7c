"""What blocks say in words of our own, in Chinese."""

CHINESE = {
    "(optional)": "（选填）",
    "area chart": "面积图",
    "bar chart": "柱形图",
    "Bold": "粗体",
    "Bulleted list": "项目符号列表",
    "Call": "通话",
    "Cancel": "取消",
    "Cards": "卡片",
    "complete": "已完成",
    "Confirm": "确认",
    "Connect": "连接",
    "Date": "日期",
    "Date and time": "日期和时间",
    "default": "提示",
    "error": "错误",
    "Feedback": "反馈",
    "Figures": "数据",
    "Filter": "筛选",
    "Formatting": "格式",
    "in_progress": "进行中",
    "info": "信息",
    "Italic": "斜体",
    "line chart": "折线图",
    "More actions": "更多操作",
    "Next page": "下一页",
    "Options": "选项",
    "Ordered list": "编号列表",
    "pending": "待处理",
    "pie chart": "饼图",
    "Previous page": "上一页",
    "Remote file": "远程文件",
    "Remove": "移除",
    "Select an option": "请选择",
    "Strikethrough": "删除线",
    "success": "成功",
    "Table": "表格",
    "This content cannot be shown here": "此处无法显示该内容",
    "Time": "时间",
    "warning": "警告",
    "Watch": "观看",
    "Workflows do not run here": "此处不能运行工作流",
}
"""By the English; both as a screen reader or the page shows them."""


def said(words: str, locale: str) -> str:
    """Return our own words for a reader of `locale`, `en` or `zh`."""
    return CHINESE[words] if locale == "zh" else words.replace("_", " ")
